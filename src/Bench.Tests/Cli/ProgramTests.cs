using System.Diagnostics;
using Bench.Results;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>The program as a process: exit codes, signals, and a machine without libtorch.</summary>
public sealed class ProgramTests : IDisposable
{
    private const int Patience = 120_000; // milliseconds; only a hang takes as long
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_profile_is_reproduced_to_a_page_and_the_second_time_nothing_is_done()
    {
        Copy("baselines/published");
        Copy("reports/figures");
        Directory.CreateDirectory(folder["experiments/tiny"]);
        folder.Write("experiments/tiny/counting.yaml", TinyExperiment.Counting());

        var first = Run(AppContext.BaseDirectory, "reproduce", "--profile", "tiny");
        Assert.Equal((0, ""), (first.Code, first.Error));
        Assert.Contains("2-gram", first.Output, StringComparison.Ordinal);
        Assert.Contains($"Open file://{folder["reports/index.html"]}", first.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["reports/index.html"]));
        var before = Runs();

        var second = Run(AppContext.BaseDirectory, "reproduce", "--profile", "tiny");
        Assert.Equal(0, second.Code);
        Assert.StartsWith("2 runs, 2 finished already, nothing is left to do.", second.Output, StringComparison.Ordinal);
        Assert.Equal(before, Runs());
    }

    [Fact]
    public void Shared_files_of_definitions_are_no_profile()
    {
        Directory.CreateDirectory(folder["experiments/quick"]);
        Directory.CreateDirectory(folder["experiments/profiles"]);
        folder.Write("experiments/profiles/quick.yaml", "data: { length: 16 }\n");
        foreach (string name in new[] { "profiles", "profile" })
        {
            var (code, _, error) = Run(AppContext.BaseDirectory, "reproduce", "--profile", name);
            Assert.Equal(2, code);
            Assert.Contains($"there is no profile '{name}'", error, StringComparison.Ordinal);
            Assert.Contains("Known profiles: quick.", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ctrl_C_keeps_a_checkpoint_and_ends_with_130()
    {
        string definition = folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000));
        using var bench = Start(AppContext.BaseDirectory, "run", definition);
        var output = bench.StandardOutput.ReadToEndAsync();
        var error = bench.StandardError.ReadToEndAsync();
        while (!bench.WaitForExit(20) && !Found("*.ckpt"))
        {
        }

        using (var kill = Process.Start("kill", ["-INT", $"{bench.Id}"]))
            await kill.WaitForExitAsync();
        Assert.True(bench.WaitForExit(Patience));
        Assert.Equal(130, bench.ExitCode);
        Assert.Contains("Interrupted", await error, StringComparison.Ordinal);
        Assert.Contains("stopping after the step in progress", await output, StringComparison.Ordinal);
        Assert.Contains("\"running\"", File.ReadAllText(Directory.GetFiles(folder.Path, "status.json", SearchOption.AllDirectories)[0]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_libtorch_the_program_says_so_in_one_line()
    {
        string program = Directory.CreateDirectory(folder["program"]).FullName;
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory)
            .Where(file => !file.EndsWith("libtorch_cpu.so", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));

        var answer = Run(program, "run", folder.Write("network.yaml", TinyExperiment.Network())).IsReported(code: 1);
        Assert.StartsWith("bench: libtorch_cpu.so is not in ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("packages are not whole.\n    Run 'dotnet restore --force --no-cache', then build again.", answer.Error,
            StringComparison.Ordinal);
        Assert.Equal(1, Run(program, "doctor").Code);
        Assert.Equal(0, Run(program, "run", folder.Write("counting.yaml", TinyExperiment.Counting())).Code);
        CopyOfRepository("baselines/published", "*");
        Copy("reports/figures");
        Assert.Equal("", Run(program, "report").Error);
        Assert.Equal(0, Run(program, "report", "--check").Code);
        Assert.Equal(0, Run(program, "figures").Code);
    }

    [Fact]
    public void One_figure_is_drawn_alone_an_unknown_one_is_reported_with_all_that_are_known_and_a_style_is_checked_first()
    {
        Copy("baselines/published");
        Copy("reports/figures");
        var one = Run(AppContext.BaseDirectory, "figures", "--only", "noise-processes");
        Assert.Equal((0, ""), (one.Code, one.Error));
        Assert.All(["svg", "pdf", "png"],
            format => Assert.Contains($"figures/noise-processes.{format}\n", one.Output, StringComparison.Ordinal));
        Assert.False(File.Exists(folder["reports/paper/README.md"]));
        string error = Run(AppContext.BaseDirectory, "figures", "--only", "noise-proceses").IsReported(code: 2).Error;
        Assert.Contains("Did you mean 'noise-processes'? Known figures: attention-masks, ", error, StringComparison.Ordinal);

        string style = folder["reports/figures/style.json"];
        File.WriteAllText(style,
            File.ReadAllText(style).Replace("\"dpi\": 300", "\"dpi\": 3", StringComparison.Ordinal)
                .Replace("\"grid\": 0.4", "\"gird\": 0.4", StringComparison.Ordinal));
        foreach (string[] command in new string[][] { ["figures"], ["figures", "--only", "noise-processes"] })
        {
            error = Run(AppContext.BaseDirectory, command).IsReported(code: 2).Error;
            Assert.Contains("sizes.dpi is 3", error, StringComparison.Ordinal);
            Assert.Contains("unknown key 'gird' under lines", error, StringComparison.Ordinal);
            Assert.EndsWith("3 problems; nothing was run.\n", error, StringComparison.Ordinal);
        }
    }

    private void CopyOfRepository(string from, string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, from), pattern))
            AtomicFile.Write(folder[Path.Combine(from, Path.GetFileName(file))], File.ReadAllText(file));
    }

    private Answer Run(string program, params string[] arguments)
    {
        using var bench = Start(program, arguments);
        var error = bench.StandardError.ReadToEndAsync();
        string output = bench.StandardOutput.ReadToEnd();
        Assert.True(bench.WaitForExit(Patience));
        return new(bench.ExitCode, output, error.Result);
    }

    private Process Start(string program, params string[] arguments)
    {
        // A shell that starts tests in the background makes them, and all that they start, deaf to Ctrl-C.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", Path.Combine(program, "Bench.Cli.dll"), .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BENCH_CACHE"] = folder["cache"];
        return Process.Start(start)!;
    }

    private void Copy(string path)
    {
        Directory.CreateDirectory(folder[path]);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, path)))
            File.Copy(file, Path.Combine(folder[path], Path.GetFileName(file)));
        foreach (string inner in Directory.EnumerateDirectories(Path.Combine(Repository.Root, path)))
            Copy(Path.Combine(path, Path.GetFileName(inner)));
    }

    private bool Found(string pattern) => Directory.EnumerateFiles(folder.Path, pattern, SearchOption.AllDirectories).Any();

    private string[] Runs() =>
    [
        .. Directory.EnumerateFiles(folder["results"], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):O}"),
    ];
}
