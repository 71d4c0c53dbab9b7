using Bench.Experiments.Definitions;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Regression;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Reporting.Regression;

/// <summary>Guarded metrics, and their file.</summary>
public sealed class BaselineTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Everything_that_is_not_a_timing_is_guarded_with_its_spread_between_seeds()
    {
        var baseline = Measure(seeds: 5);
        Assert.Equal(["ar", "mdlm", "ngram-2"], baseline.Metrics.Select(metric => metric.Method).Distinct());
        var mdlm = baseline.Metrics.Where(metric => metric.Method == "mdlm").ToList();
        Assert.Equal(
            [
                "likelihood (validation)", "likelihood (test)", "generative-nats (ancestral, 32 steps, scored by truth)",
                "sample-entropy (ancestral, 32 steps)",
                "network-calls (ancestral, 32 steps, cached)", "network-calls (ancestral, 32 steps)", "training-tokens",
            ],
            mdlm.Select(metric => metric.Name));
        var likelihood = mdlm.Single(metric => metric.Where == Splits.Test);
        Assert.Equal((1.5, Math.Sqrt(0.00025), 5, false), (likelihood.Value, likelihood.Spread, likelihood.Seeds, likelihood.IsExact),
            (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-12 && Math.Abs(a.Item2 - b.Item2) < 1e-12
                && (a.Item3, a.Item4) == (b.Item3, b.Item4));
        Assert.All(mdlm.Where(metric => metric.Metric is "network-calls" or "training-tokens"), metric => Assert.True(metric.IsExact));
        Assert.InRange(mdlm.Single(metric => metric.Metric == "generative-nats").Value, Math.Log(2.4), Math.Log(2.6));
    }

    [Theory, InlineData("steps", true), InlineData("minutes", false)]
    public void The_number_of_training_tokens_is_guarded_where_the_definition_fixes_it(string budget, bool isGuarded)
    {
        var run = new RunRecord
        {
            Id = "0",
            Folder = "0",
            Definition = RunDefinition.Parse($$"""{ "experiment": "smoke", "method": "ar", "training": { "{{budget}}": 15 } }"""),
            Status = new(RunState.Finished),
            Metrics = [new(TrainingMetrics.Tokens.Name, Splits.None, Units.Tokens, 256_000)],
        };
        Assert.Equal(
            isGuarded ? [TrainingMetrics.Tokens.Name] : Array.Empty<string>(),
            Baseline.Of(new Comparison("", [new MethodResult("AR", [run])])).Metrics.Select(metric => metric.Metric));
    }

    [Fact]
    public void A_file_reads_back_as_it_was()
    {
        var baseline = Measure(seeds: 3);
        baseline.Write(folder["baseline.csv"]);
        var read = Baseline.Read(folder["baseline.csv"]);
        Assert.Equal((baseline.Experiment, baseline.Data), (read.Experiment, read.Data));
        Assert.Equal(baseline.Metrics.AsEnumerable(), read.Metrics);
    }

    [Theory]
    [InlineData("", "no rows")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,1.2,0.1\n", ":2:")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,one,0.1,6\n", "not a number")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,NaN,0.1,6\n", "nothing can be compared with")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,1.2,-0.1,6\n", "0 or more")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,1.2,0.1,1\n", "no spread")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,lower,1.2,0.1,6\n", "better is 'lower'")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,1.2,0.1,6\nsmoke,1234,ar,likelihood,test,bits/char,less,1.3,0.1,6\n",
        "there twice")]
    [InlineData("smoke,1234,ar,likelihood,test,bits/char,less,1.2,0.1,6\nquick,1234,mdlm,likelihood,test,bits/char,less,1.3,0.1,6\n",
        "several experiments")]
    public void A_damaged_file_is_reported_with_its_mistake(string rows, string message)
    {
        File.WriteAllText(folder["broken.csv"], "experiment,data,method,metric,where,unit,better,value,spread,seeds\n" + rows);
        var refused = Assert.Throws<SuiteException>(() => Baseline.Read(folder["broken.csv"]));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("git", refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_seeds_and_failed_runs_make_no_baseline()
    {
        Assert.Empty(Baseline.Faults(Results(seeds: 3)));
        Assert.Equal(3,
            Baseline.Faults(Results(seeds: 2)).Count(fault => fault.Contains("2 of at least 3 seeds", StringComparison.Ordinal)));
        Assert.Contains("diverged", Baseline.Faults(Results(seeds: 3, failed: true)).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_is_gone_fails_with_its_reason_and_a_new_one_does_not_fail()
    {
        var before = Measure(seeds: 3);
        var failed = RegressionCheck.Of(before, Results(seeds: 1, failed: true));
        Assert.All(failed.Failures, row => Assert.Equal(("ar", Verdict.Missing), (row.Metric.Method, row.Verdict)));
        Assert.StartsWith("ar: likelihood (validation) is gone: failed: training diverged", failed.Failures.First().Sentence,
            StringComparison.Ordinal);
        Assert.Equal(7, failed.Failures.Count());

        var less = before with { Metrics = [.. before.Metrics.Where(metric => metric.Method != "ar")] };
        var added = RegressionCheck.Of(less, Results(seeds: 1));
        Assert.False(added.Failed);
        Assert.Equal(7, added.Rows.Count(row => row.Verdict == Verdict.Unguarded));
    }

    [Fact]
    public void A_seed_that_failed_fails_the_check_though_the_others_are_as_they_were()
    {
        var before = Measure(seeds: 3);
        GuardedResults.Write(folder["three"], seeds: 3);
        GuardedResults.Fail(new RunStore(folder["three"]), seed: 4);
        var check = RegressionCheck.Of(before, Comparison.All(new RunStore(folder["three"]).ReadAll()).Single());
        Assert.StartsWith("ar: of 4 runs 3 are finished: failed (seed 4): training diverged", Assert.Single(check.Failures).Sentence,
            StringComparison.Ordinal);
        Assert.StartsWith("smoke: FAILED: 17 of 17 guarded metrics are as they were, 1 with runs that are not finished", check.Headline,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_says_when_by_which_commit_and_why_and_what_moved()
    {
        const string commit = "0123456789abcdef0123456789abcdef01234567";
        var history = BaselineHistory.Beside(folder["smoke.csv"]);
        Assert.Null(history.CommitOf("smoke.csv"));
        AtomicFile.Write(history.Path,
            history.With("ci/smoke.csv", new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), commit + "-dirty", "first,\nof \"all\"", []));
        Assert.Equal(commit, history.CommitOf("smoke.csv"));
        var moved = RegressionCheck.Of(Measure(seeds: 3), Results(seeds: 1, worse: 0.5)).Moved.Take(1);
        AtomicFile.Write(history.Path,
            history.With("ci/smoke.csv", new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), "unknown", "a longer warm-up", moved));
        Assert.Null(history.CommitOf("smoke.csv"));
        string[] lines = File.ReadAllLines(history.Path);
        Assert.Equal(3, lines.Length);
        Assert.Equal($"2026-01-02T02:04:05Z,{commit}-dirty,smoke.csv,\"first, of \"\"all\"\"\",,,,,,", lines[1]);
        Assert.StartsWith("2026-01-03T00:00:00Z,unknown,smoke.csv,a longer warm-up,mdlm,likelihood,validation,bits/char,1.4", lines[2],
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_smoke_profile_is_guarded_method_by_method()
    {
        var baseline = Baseline.Read(Path.Combine(Repository.Root, "baselines", "ci", "smoke.csv"));
        var reading = DefinitionReader.Load(Path.Combine(Repository.Root, "experiments", "smoke"));
        Assert.All(reading.Runs, run => Assert.Equal(baseline.Experiment, run.Experiment));
        var likelihoods = baseline.Metrics
            .Where(metric => metric.Metric == LikelihoodMetrics.Likelihood.Name && metric.Where == Splits.Test)
            .Select(metric => metric.Method);
        Assert.Equal(reading.Runs.Select(run => run.Method.Name).Where(name => name != "text").Order(), likelihoods.Order());
    }

    private Baseline Measure(int seeds) => Baseline.Of(Results(seeds));

    private Comparison Results(int seeds, double worse = 0, bool failed = false)
    {
        string root = folder[Guid.NewGuid().ToString("N")];
        GuardedResults.Write(root, seeds, worse, failed: failed);
        return Comparison.All(new RunStore(root).ReadAll()).Single();
    }
}
