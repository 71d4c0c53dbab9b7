using System.Globalization;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>SIGTERM, SIGINT and SIGHUP end every command with 130, whatever it waits for, and nothing is left behind.</summary>
public sealed class SignalTests : IDisposable
{
    private const int Interrupted = 130;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // npm, which a machine without a network waits for, is found on the path.
    [Theory, InlineData("TERM", "data fetch sotu"), InlineData("HUP", "doctor")]
    [InlineData("TERM", "plan sotu.yaml"), InlineData("INT", "run sotu.yaml")]
    public void A_command_that_waits_for_another_program(string signal, string command)
    {
        string programs = Directory.CreateDirectory(folder["programs"]).FullName;
        string npm = folder.Write("programs/npm", $"#!/bin/sh\necho $$ > {folder["npm.pid"]}\nexec sleep 1000\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(npm, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        folder.Write("sotu.yaml", TinyExperiment.Counting("sotu"));
        using var bench = new BenchProcess(folder.Path, programs, command.Split(' '));
        Assert.True(bench.WaitUntil(_ => File.Exists(folder["npm.pid"]) && File.ReadAllText(folder["npm.pid"]).Length > 0));
        bench.Signal(signal);
        AssertEnded(bench.End());
        BenchProcess.WaitForEndOf(int.Parse(File.ReadAllText(folder["npm.pid"]), CultureInfo.InvariantCulture));
    }

    [Theory, InlineData("TERM"), InlineData("HUP"), InlineData("INT")]
    public void A_run(string signal)
    {
        folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000));
        using var bench = new BenchProcess(folder.Path, "run", "network.yaml");
        Assert.True(bench.WaitUntil(_ => HasCheckpoint()));
        bench.Signal(signal);
        AssertEnded(bench.End());
    }

    // There is room for the summary and not for the line that says that the run begins.
    // One process stops there, in front of its status; a process of its own does not wait for who prints, and has written one.
    [Theory, InlineData("1", "log.txt"), InlineData("2", "status.json")]
    public void A_run_whose_output_no_reader_takes(string jobs, string begun)
    {
        folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000));
        using var bench = new BenchProcess(folder.Path, programs: null, ["run", "network.yaml", "--jobs", jobs], room: 40);
        string runs = folder["results/runs"];
        Assert.True(bench.WaitUntil(_ => Directory.Exists(runs)
            && Directory.EnumerateFiles(runs, begun, SearchOption.AllDirectories).Any()));
        Assert.True(bench.WaitUntil(process => process.IsWriting));
        bench.Signal("TERM");
        // The console of .NET has one lock for both outputs: what would be said of the end is lost with the rest.
        Assert.Equal(Interrupted, bench.End().Code);
        Assert.Contains(Directory.EnumerateFiles(runs, "status.json", SearchOption.AllDirectories), file =>
            File.ReadAllText(file).Contains("running", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, InlineData("TERM"), InlineData("HUP")]
    public void A_parent_and_its_workers(string signal)
    {
        folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000, method: "mdlm, ar"));
        using var bench = new BenchProcess(folder.Path, "run", "network.yaml", "--jobs", "2");
        Assert.True(bench.WaitUntil(_ => HasCheckpoint()));
        int[] workers = bench.Children;
        bench.Signal(signal);
        AssertEnded(bench.End());
        Assert.All(workers, BenchProcess.WaitForEndOf);
    }

    [Theory, InlineData("TERM"), InlineData("INT")]
    public void A_command_that_computes_for_longer_than_anybody_waits(string signal)
    {
        using var bench = new BenchProcess(folder.Path, "speed", "--cases", "train-mdlm-laptop", "--seconds", "1000");
        Assert.True(bench.WaitUntil(one => one.HasComplained("warming up")));
        bench.Signal(signal);
        AssertEnded(bench.End());
    }

    private bool HasCheckpoint() => Directory.EnumerateFiles(folder.Path, "*.ckpt", SearchOption.AllDirectories).Any();

    private void AssertEnded(Answer answer)
    {
        Assert.Equal(Interrupted, answer.Code);
        Assert.Contains("Interrupted.", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories),
            path => path.EndsWith(".tmp", StringComparison.Ordinal)
                || Path.GetFileName(path).StartsWith(".probe", StringComparison.Ordinal));
    }
}
