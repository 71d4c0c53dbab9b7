using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Speed;

/// <summary>
/// Networks that are trained and sampled by a script of ours in another Python: those of a checkout of kuleshov-group/mdlm, or the same written for a current PyTorch, which picks the fastest of a few
/// ways by itself. Asked line by line, it computes only while it is asked.
/// </summary>
public sealed class PeerProcess : ISpeedPeer, IDisposable
{
    private const string Protocol = "peer.py", OfCheckout = "peer_mdlm.py", OfPyTorch = "peer_pytorch.py";
    private const string Advice = "--peer wants a Python with PyTorch, such as python3, and for MDLM's own code the folder of a checkout of github.com/kuleshov-group/mdlm behind it.";

    private const string Waiting = "GOMP_SPINCOUNT";

    // Returning memory to the kernel between steps costs page faults, and spinning threads cost time on a busy machine. Variables that are set already stay.
    private static readonly (string Name, string Value)[] Tuning =
        [("MALLOC_MMAP_THRESHOLD_", "4294967296"), ("MALLOC_TRIM_THRESHOLD_", "8589934592"), (Waiting, "10000")];

    private readonly Process process;
    private readonly bool picksWays;
    private readonly Action<string> report;
    private readonly Task<string> errors;
    private readonly CancellationTokenRegistration stopping;
    private readonly IDisposable end;
    private bool hasEnded;

    private PeerProcess(Process process, bool picksWays, Action<string> report, CancellationToken stop)
    {
        this.process = process;
        this.picksWays = picksWays;
        this.report = report;
        errors = process.StandardError.ReadToEndAsync(CancellationToken.None); // a full pipe would stop it
        end = ProcessEnd.Before(Kill);
        stopping = stop.Register(Kill); // an answer that takes minutes is not waited for
        System = Answer("ready");
    }

    /// <inheritdoc/>
    public string System { get; }

    /// <inheritdoc/>
    /// <exception cref="SuiteException">It refused, or it ended.</exception>
    public ImmutableArray<string> Modes(ISpeedCase row) => PeerTask.Of(row) is not { } task ? [] : picksWays ? [Choose(row, task)] : task.Modes;

    /// <summary>Starts it and waits until it has loaded what it needs.</summary>
    /// <param name="python">The program; with arguments where it is started through another, such as <c>chroot</c>.</param>
    /// <param name="checkout">The folder with MDLM's code; null for PyTorch alone.</param>
    /// <param name="threads">Threads that it computes with.</param>
    /// <param name="report">Notified what it does before it can be measured.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SuiteException">There is no such program, no PyTorch, or no such code in the checkout.</exception>
    public static PeerProcess Start(string python, string? checkout, int threads, Action<string> report, CancellationToken stop)
    {
        if (checkout is not null && !File.Exists(Path.Combine(checkout, "models", "dit.py")))
            throw new SuiteException($"{checkout} holds no models/dit.py.", $"Run 'git clone https://github.com/kuleshov-group/mdlm', then give its folder. {Advice}");
        string[] command = File.Exists(python) ? [python] : python.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string script = Text(Protocol) + Text(checkout is null ? OfPyTorch : OfCheckout);
        string[] folder = checkout is null ? [] : [Path.GetFullPath(checkout)];
        var start = new ProcessStartInfo(command[0], [.. command[1..], "-c", script, threads.ToString(CultureInfo.InvariantCulture), .. folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        bool saysHowToWait = start.Environment.ContainsKey("OMP_WAIT_POLICY");
        foreach (var (name, value) in Tuning.Where(setting => setting.Name != Waiting || !saysHowToWait))
            start.Environment.TryAdd(name, value);
        try
        {
            return new PeerProcess(Process.Start(start)!, picksWays: checkout is null, report, stop);
        }
        catch (Win32Exception missing)
        {
            throw new SuiteException($"{command[0]} cannot be started: {missing.Message}.", Advice, missing);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SuiteException">It refused, or it ended.</exception>
    public PeerStep Step(ISpeedCase row, string mode, double least)
    {
        Ask(string.Create(CultureInfo.InvariantCulture, $"step {row.Name} {mode} {Words(row, PeerTask.Of(row)!)} {least:R}"));
        string answer = Answer("seconds");
        return answer.Split(' ') is [var wall, var processor] && Read(wall) is { } seconds && Read(processor) is { } all
            ? new(seconds, all)
            : throw Failed($"it said that a step takes '{answer}' seconds");
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (hasEnded)
            return;
        hasEnded = true;
        stopping.Dispose();
        Kill();
        end.Dispose();
        process.Dispose();
    }

    private void Kill()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    // The fastest of its ways, each compiled and tried.
    private string Choose(ISpeedCase row, PeerTask task)
    {
        Ask($"choose {row.Name} {(PeerTask.HasBf16 ? "bf16" : "fp32")} {Words(row, task)}");
        return Answer("chosen");
    }

    private static string Words(ISpeedCase row, PeerTask task) => string.Create(
        CultureInfo.InvariantCulture,
        $"{task.Work} {row.Size.Blocks} {row.Size.Width} {row.Size.Heads} {SpeedSize.ConditionWidth} {row.Size.Length} {task.Batch} {row.Size.Symbols} {task.Calls}");

    private void Ask(string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Failed(Ending());
        }
    }

    private static double? Read(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 ? number : null;

    // A keyword, then its argument. Other lines are output of libraries.
    private string Answer(string expected)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', 2);
            if (words is ["error", var reason])
                throw Failed(reason);
            if (words is ["note", var said])
                report($"peer: {said}");
            if (words[0] == expected)
                return words.Length > 1 ? words[1] : "";
        }

        throw Failed(Ending());
    }

    private string Ending()
    {
        process.WaitForExit();
        string last = errors.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault("it said nothing");
        return $"it ended with exit code {process.ExitCode}: {last}";
    }

    private SuiteException Failed(string reason)
    {
        Dispose();
        return new($"The peer failed: {reason.TrimEnd('.')}.", Advice);
    }

    private static string Text(string script)
    {
        using var stream = typeof(PeerProcess).Assembly.GetManifestResourceStream(script)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
