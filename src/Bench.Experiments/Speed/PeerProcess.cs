using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Bench.Results;

namespace Bench.Experiments.Speed;

/// <summary>The networks of a checkout of kuleshov-group/mdlm, trained and sampled by a script of ours in a Python of somebody's; asked line by line, it computes only while it is asked.</summary>
public sealed class PeerProcess : ISpeedPeer, IDisposable
{
    private const string Script = "peer.py";
    private const string Advice = "--peer wants a Python with PyTorch, such as python3, and the folder of a checkout of github.com/kuleshov-group/mdlm.";

    private readonly Process process;
    private readonly Task<string> errors;
    private bool hasEnded;

    private PeerProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync(); // a full pipe would stop it
        System = $"mdlm on {Answer("ready")}";
    }

    /// <inheritdoc/>
    public string System { get; }

    /// <inheritdoc/>
    public ImmutableArray<string> Modes(ISpeedCase row) => PeerTask.Of(row)?.Modes ?? [];

    /// <summary>Starts it and waits until it has loaded the checkout.</summary>
    /// <param name="python">The program.</param>
    /// <param name="checkout">The folder.</param>
    /// <param name="threads">Threads that it computes with.</param>
    /// <exception cref="SuiteException">There is no such program, no PyTorch, or no such code in the checkout.</exception>
    public static PeerProcess Start(string python, string checkout, int threads)
    {
        if (!File.Exists(Path.Combine(checkout, "models", "dit.py")))
            throw new SuiteException($"{checkout} holds no models/dit.py.", $"Run 'git clone https://github.com/kuleshov-group/mdlm', then give its folder. {Advice}");
        var start = new ProcessStartInfo(python, ["-c", Source(), Path.GetFullPath(checkout), threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            return new PeerProcess(Process.Start(start)!);
        }
        catch (Win32Exception missing)
        {
            throw new SuiteException($"{python} cannot be started: {missing.Message}.", Advice, missing);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SuiteException">It refused, or it ended.</exception>
    public PeerStep Step(ISpeedCase row, string mode, double least)
    {
        var (task, size) = (PeerTask.Of(row)!, row.Size);
        Ask(string.Create(
            CultureInfo.InvariantCulture,
            $"step {row.Name} {mode} {task.Work} {size.Blocks} {size.Width} {size.Heads} {SpeedSize.ConditionWidth} {size.Length} {task.Batch} {size.Symbols} {task.Calls} {least:R}"));
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
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

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

    // A word, then what it is about. Other lines are somebody's chatter.
    private string Answer(string expected)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', 2);
            if (words is ["error", var reason])
                throw Failed(reason);
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
        return new($"The peer failed: {reason}.", Advice);
    }

    private static string Source()
    {
        using var stream = typeof(PeerProcess).Assembly.GetManifestResourceStream(Script)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
