using Bench.Cli;
using Bench.Cli.Display;
using Bench.Data.Downloads;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>How progress is shown.</summary>
public sealed class DisplayTests : IDisposable
{
    private readonly Shell shell = new();
    private readonly StringWriter output = new() { NewLine = "\n" };

    public void Dispose()
    {
        shell.Dispose();
        output.Dispose();
    }

    [Fact]
    public void Lines_come_at_the_beginning_the_end_and_every_few_seconds_between()
    {
        var clock = new SteppedClock();
        var run = new PlannedRun(DefinitionReader.Load(shell.Folder.Write("network.yaml", TinyExperiment.Network(1000))).Runs[0], "id",
            "folder", null, "not begun");
        var lines = new ProgressLines(output, clock, runs: 2);
        lines.Began(run);
        for (int step = 1; step <= 1000; step++)
        {
            clock.Advance(TimeSpan.FromSeconds(0.01));
            lines.Stage(run, ProgressLines.Training, step / 1000.0);
            lines.Trained(run,
                new TrainingPoint(step, step * 32, step * 0.01, Loss: 2.5 - (step / 1000.0), GradientNorm: 1, LearningRate: 1,
                    TokensPerSecond: 3200), steps: 1000);
        }

        clock.Advance(TimeSpan.FromSeconds(6));
        lines.Stage(run, "test", 0.25);
        lines.Stage(run, "test", 0.5);
        lines.Ended(run, new RunStatus(RunState.Finished, Seconds: 75.4));
        Assert.Equal(
            """
            [1/2] network mdlm seed 1: not begun
            [1/2] network mdlm seed 1: step 500 of 1000, loss 2.885 bits, 3,200 tokens/s, 0:05 left
            [1/2] network mdlm seed 1: step 1000 of 1000, loss 2.164 bits, 3,200 tokens/s, 0:00 left
            [1/2] network mdlm seed 1: test, 25 %
            [1/2] network mdlm seed 1: finished, 1:15 in all

            """,
            output.ToString());
    }

    [Fact]
    public void In_a_terminal_a_run_that_has_ended_becomes_a_line()
    {
        shell.IsTerminal = true;
        var answer = shell.Run("run", shell.Folder.Write("counting.yaml", TinyExperiment.Counting()));
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains("✓", answer.Output, StringComparison.Ordinal);
        Assert.Contains("counting ngram-2 seed 1", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_terminal_tables_are_drawn() => Assert.Contains("─", InTerminal("methods"), StringComparison.Ordinal);

    [Fact]
    public void A_download_says_name_version_size_and_hash()
    {
        var package = new NpmPackage("@scope/texts", "1.2.3", "aGFzaA==");
        var log = new DownloadLog(output);
        log.Report(new(package, PackageState.Downloading, 0, "", "/cache/scope-texts-1.2.3.tgz"));
        log.Report(new(package, PackageState.Ready, 4_123_456, "aGFzaA==", "/cache/scope-texts-1.2.3.tgz"));
        log.Report(new(package, PackageState.Ready, 4_123_456, "aGFzaA==", "/cache/scope-texts-1.2.3.tgz"));
        Assert.Equal(
            """
            Downloading @scope/texts, version 1.2.3, by npm
            Downloaded @scope/texts@1.2.3, 4.1 MB, to /cache/scope-texts-1.2.3.tgz
              SHA-512 aGFzaA==, as it should be

            """,
            output.ToString());
    }

    [Theory]
    [InlineData(0.4, "0:00")]
    [InlineData(59.6, "1:00")]
    [InlineData(3765, "1:02:45")]
    [InlineData(double.NaN, "?")]
    [InlineData(double.PositiveInfinity, "?")]
    public void Time_reads_as_a_clock(double seconds, string shown) => Assert.Equal(shown, Quantity.Time(seconds));

    [Theory]
    [InlineData(999, "999 bytes")]
    [InlineData(10_800_000, "10.8 MB")]
    [InlineData(3_000_000_000, "3.0 GB")]
    public void Sizes_are_counted_in_powers_of_ten(long bytes, string shown) => Assert.Equal(shown, Quantity.Bytes(bytes));

    private string InTerminal(params string[] arguments)
    {
        shell.IsTerminal = true;
        return shell.Run(arguments).Output;
    }
}
