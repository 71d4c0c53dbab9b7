using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Bench.Tests.Reporting;
using Bench.Tests.Reporting.Regression;
using Bench.Tests.Reporting.Validity;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>
/// Commands that show or guard results refuse those that no sound measurement gives, each with run, metric, value and reason.
/// </summary>
public sealed class ImpossibleResultsTests : IDisposable
{
    private readonly Shell shell = new() { Checkout = Repository.Root };

    public void Dispose() => shell.Dispose();

    [Theory, InlineData("report"), InlineData("figures"), InlineData("figures --only likelihood")]
    public void Every_impossible_number_is_reported_at_once_and_nothing_is_written(string command)
    {
        var perplexity = new Metric(LikelihoodMetrics.Perplexity.Name, Splits.Test, Units.PerplexityPerCharacter, 7);
        ImpossibleRuns.Write(shell.Results, [Bits(double.NaN), Speed], []);
        ImpossibleRuns.Write(shell.Results, [Bits(2), perplexity], [], experiment: "other");
        var answer = shell.Run([.. command.Split(' '), "--output", shell.Folder["reports"]]).IsReported(code: 2);
        string[] reported =
            [.. answer.Error.Split('\n').Where(line => line.StartsWith("{folder}/results/runs/", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "2, column value: likelihood (test) of mdlm, seed 1, is NaN bits/char, but it is a finite number",
                "3, column value: training-speed of mdlm, seed 1, is -5 tokens/s, but it is 0 or more",
                "3, column value: perplexity (test) of mdlm, seed 1, is 7 ppl/char, but 2 to the power of 2 bits/char, its likelihood, is 4",
            ],
            reported.Select(line => line.Split("/metrics.csv:")[1]));
        Assert.EndsWith("3 problems; no report was written.\n", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(shell.Folder["reports"]));
    }

    [Fact]
    public void A_check_fails_by_an_impossible_number_that_it_guards()
    {
        Guard();
        Write(Bits(1.1), new(LikelihoodMetrics.TrueEntropy.Name, Splits.Test, Units.BitsPerCharacter, 1.5, 0.01));
        var answer = Regress();
        Assert.Equal(1, answer.Code);
        Assert.Contains("mdlm: likelihood (test) cannot be 1.1000 bits/char: run ", answer.Output, StringComparison.Ordinal);
        Assert.Contains(", has 1.1 bits/char, but the text has an entropy of 1.5 bits/char", answer.Output, StringComparison.Ordinal);
        Assert.Contains("1 impossible", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_number_of_an_unguarded_metric_fails_the_check()
    {
        Guard();
        GuardedResults.Write(shell.Results, seeds: 1);
        Assert.Equal(0, Regress().Code);
        Write(Bits(1.48), Speed);
        var answer = Regress("--junit", shell.Folder["junit.xml"], "--markdown", shell.Folder["summary.md"]);
        Assert.Equal(1, answer.Code);
        Assert.Contains("mdlm: training-speed cannot be -5 tokens/s: run ", answer.Output, StringComparison.Ordinal);
        Assert.Contains(", seed 1, has -5 tokens/s, but it is 0 or more.\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("type=\"impossible\"", File.ReadAllText(shell.Folder["junit.xml"]), StringComparison.Ordinal);
        Assert.Contains("mdlm: training-speed cannot be", File.ReadAllText(shell.Folder["summary.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_number_becomes_no_baseline()
    {
        Guard();
        GuardedResults.Write(shell.Results, seeds: 3);
        Write(Bits(1.48), Speed);
        byte[] before = File.ReadAllBytes(shell.Folder["smoke.csv"]);
        string error = Regress("--update", "--reason", "none").IsReported(code: 2).Error;
        Assert.Contains("training-speed of mdlm, seed 1, is -5 tokens/s", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(shell.Folder["smoke.csv"]));
    }

    // A baseline, and no results.
    private void Guard()
    {
        GuardedResults.Write(shell.Results, seeds: 5);
        Assert.Equal(0, Regress("--update", "--reason", "the first one").Code);
        Directory.Delete(shell.Results, recursive: true);
    }

    private void Write(params Metric[] metrics) =>
        SyntheticGeneration.Run(new RunStore(shell.Results), "smoke", "mdlm", "MDLM", metrics, [], seed: 1);

    private Answer Regress(params string[] more) => shell.Run(["regress", "--baseline", shell.Folder["smoke.csv"], .. more]);

    private static Metric Speed { get; } = new(TrainingMetrics.Speed.Name, Splits.None, Units.TokensPerSecond, -5);

    private static Metric Bits(double bits) => new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits, 0.01, 256);
}
