using System.Globalization;
using Bench.Cli.Commands;
using Bench.Tests.Reporting.Regression;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary><c>bench regress</c> as CI runs it.</summary>
public sealed class RegressTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    private string Baseline => shell.Folder["ci/smoke.csv"];

    [Fact]
    public void It_has_help() => GoldenFile.Matches("help-of-regress.txt", shell.Transcript("regress --help"));

    [Fact]
    public void Numbers_as_they_were_pass()
    {
        Begin();
        GuardedResults.Write(shell.Results, seeds: 1);
        Assert.Equal(new Answer(0, "smoke: passed: 17 of 17 guarded metrics are as they were.\n", ""), Regress());
        var all = Regress("--all", "--false-alarms", "0.05");
        Assert.Equal(0, all.Code);
        Assert.Contains("what one check of sound code in 20 exceeds", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_alone_says_what_is_worse_by_how_much_and_what_to_do()
    {
        Begin();
        GuardedResults.Write(shell.Results, seeds: 1, worse: 0.5, calls: 33);
        GoldenFile.Matches("regress.txt", Regress().ToString());
    }

    [Fact]
    public void Files_for_a_CI_are_written_whatever_the_verdict()
    {
        Begin();
        GuardedResults.Write(shell.Results, seeds: 1, worse: 0.5);
        Assert.Equal(1, Regress("--junit", shell.Folder["out/junit.xml"], "--markdown", shell.Folder["out/summary.md"]).Code);
        Assert.Contains(
            "<failure message=\"mdlm: likelihood (test) is worse", File.ReadAllText(shell.Folder["out/junit.xml"]),
            StringComparison.Ordinal);
        Assert.StartsWith("### smoke: FAILED", File.ReadAllText(shell.Folder["out/summary.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_update_needs_a_reason_and_keeps_it_with_what_moved()
    {
        Begin();
        GuardedResults.Write(shell.Results, seeds: 3, worse: 0.5);
        byte[] before = File.ReadAllBytes(Baseline);
        Assert.Contains("--reason", Regress("--update").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Baseline));
        Assert.Equal(0, Regress("--update", "--reason", "a worse schedule, on purpose").Code);
        string[] history = File.ReadAllLines(shell.Folder["ci/history.csv"]);
        Assert.Equal(2 + 3, history.Length);
        Assert.Equal(3, history.Count(row => row.Contains("\"a worse schedule, on purpose\",mdlm,", StringComparison.Ordinal)));
        Assert.Equal(0, Regress().Code);
    }

    [Fact]
    public void An_update_of_some_methods_leaves_the_rows_of_others()
    {
        Begin();
        string[] before = File.ReadAllLines(Baseline);
        GuardedResults.Write(shell.Results, seeds: 3, worse: 0.5);
        Assert.Contains(
            "no method 'mdlmm'", Regress("--update", "--reason", "some", "--methods", "mdlmm").IsReported(2).Error,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllLines(Baseline));
        Assert.Equal(0, Regress("--update", "--reason", "some", "--methods", "mdlm").Code);
        string[] after = File.ReadAllLines(Baseline);
        Assert.Equal(before.Length, after.Length);
        Assert.All(before.Zip(after),
            pair => Assert.Equal(pair.First.Contains(",mdlm,", StringComparison.Ordinal), pair.First != pair.Second));
        Assert.Equal(0, Regress().Code);
    }

    [Fact]
    public void A_damaged_history_stops_an_update_before_the_baseline_and_no_check()
    {
        Begin();
        GuardedResults.Write(shell.Results, seeds: 3, worse: 0.5);
        byte[] before = File.ReadAllBytes(Baseline);
        File.WriteAllText(shell.Folder["ci/history.csv"], "when,why\n");
        var update = Regress("--update", "--reason", "a worse schedule, on purpose").IsReported(2);
        Assert.Contains("history.csv", update.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("run's folder", update.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Baseline));

        var check = Regress();
        Assert.Equal(1, check.Code);
        Assert.Contains("bisect start HEAD <a commit that passed>", check.Output, StringComparison.Ordinal);
        Assert.Contains("goes on without it", check.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_lists_no_baseline_that_could_not_be_written()
    {
        GuardedResults.Write(shell.Results, seeds: 3);
        Directory.CreateDirectory(Baseline); // in the way
        Regress("--update", "--reason", "the first one").IsReported(1);
        Assert.False(File.Exists(shell.Folder["ci/history.csv"]));
    }

    [Theory]
    [InlineData("aaaa", "aaaa", null), InlineData("aaaa", "unknown", null), InlineData("unknown", "aaaa", null)]
    [InlineData("aaaa", "bbbb", "of commit aaaa, and this checkout is at bbbb"),
        InlineData("aaaa-dirty", "aaaa", "of commit aaaa-dirty, and this checkout is at aaaa")]
    [InlineData("aaaa-dirty", "aaaa-dirty", "only 'make regress' makes sure")]
    public void Results_of_another_commit_are_said_to_be(string measured, string here, string? said)
    {
        string? doubt = Checkout.Doubt([measured], here);
        if (said is null)
            Assert.Null(doubt);
        else
            Assert.Contains(said, doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "passed"), InlineData(10, 1, "FAILED")]
    public void More_seeds_separate_chance_from_a_worse_metric(double worse, int code, string verdict)
    {
        string one = shell.Folder.Write("one.yaml", TinyExperiment.Network()),
            three = shell.Folder.Write("three.yaml", TinyExperiment.Network() + "seeds: [1, 2, 3]\n");
        Assert.Equal(0, shell.Run("run", three).Code);
        Assert.Equal(0, Regress("--update", "--reason", "the first one").Code);
        Directory.Delete(shell.Results, recursive: true);
        Assert.Equal(0, shell.Run("run", one).Code);

        // A likelihood whose seeds hardly differ from each other, and the one that was run is the worse one.
        Alter("likelihood", "test", (mean, first) => (mean - (Math.Sign(first - mean) * worse), first > mean ? "less" : "more"));
        Assert.Equal(1, Regress().Code);
        Assert.Contains(
            "does not ask for the runs of", Regress("--again", shell.Folder.Write("other.yaml", TinyExperiment.Counting()))
                .IsReported(2).Error, StringComparison.Ordinal);
        var answer = Regress("--again", three, "--jobs", "1");
        Assert.Equal(code, answer.Code);
        Assert.Contains("MDLM may look worse by chance: 3 more seeds decide.", answer.Output, StringComparison.Ordinal);
        Assert.Contains("3 runs, 1 finished already, 2 to do.", answer.Output, StringComparison.Ordinal);
        Assert.Contains(verdict, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_cannot_be_compared_are_wrong_input()
    {
        Assert.Contains("no such baseline", Regress().IsReported(2).Error, StringComparison.Ordinal);
        Begin();
        Assert.Contains("no results", Regress().IsReported(2).Error, StringComparison.Ordinal);
        GuardedResults.Write(shell.Results, seeds: 1);
        Assert.Contains(
            "experiment other, only of smoke", Regress("--experiment", "other").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains(
            "that could stay",
            shell.Run("regress", "--baseline", shell.Folder["none.csv"], "--update", "--reason", "some", "--methods", "mdlm")
                .IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains(
            "of at least 3 seeds", Regress("--update", "--reason", "one seed").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains("belongs to an update", Regress("--reason", "none").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains("nothing is run without --again", Regress("--jobs", "2").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains("of all methods", Regress("--methods", "mdlm").IsReported(2).Error, StringComparison.Ordinal);
        Assert.Contains(
            "checks nothing", Regress("--update", "--reason", "both", "--junit", "x.xml").IsReported(2).Error, StringComparison.Ordinal);
        File.WriteAllText(Baseline, File.ReadAllText(Baseline).Replace("3ab857cf", "00000000", StringComparison.Ordinal));
        Assert.Contains("other text", Regress().IsReported(2).Error, StringComparison.Ordinal);
        File.WriteAllText(Baseline, "method,value\nar,1\n");
        Assert.Contains("damaged", Regress().IsReported(2).Error, StringComparison.Ordinal);
    }

    // A baseline of five seeds, made by the command itself, and no results.
    private void Begin()
    {
        GuardedResults.Write(shell.Results, seeds: 5);
        Assert.Equal(0, Regress("--update", "--reason", "the first one").Code);
        Directory.Delete(shell.Results, recursive: true);
    }

    // Rewrites a row of the baseline by its mean and what the results say, with a spread of next to nothing.
    private void Alter(string metric, string where, Func<double, double, (double Value, string Better)> alter)
    {
        double first =
            double.Parse(
                Directory.EnumerateFiles(shell.Results, "metrics.csv", SearchOption.AllDirectories).SelectMany(File.ReadLines).First(
                    row => row.StartsWith($"{metric},{where},", StringComparison.Ordinal)).Split(',')[3], CultureInfo.InvariantCulture);
        File.WriteAllLines(Baseline, File.ReadAllLines(Baseline).Select(row =>
        {
            string[] cells = row.Split(',');
            if (cells[3] != metric || cells[4] != where)
                return row;
            var (value, better) = alter(double.Parse(cells[7], CultureInfo.InvariantCulture), first);
            return string.Join(',', [.. cells[..6], better, value.ToString("R", CultureInfo.InvariantCulture), "1e-6", cells[9]]);
        }));
    }

    private Answer Regress(params string[] more) => shell.Run(["regress", "--baseline", Baseline, .. more]);
}
