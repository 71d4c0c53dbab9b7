using System.Collections.Immutable;
using Bench.Reporting;
using Bench.Reporting.Claims;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Html;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Results.Claims;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using MathNet.Numerics.Distributions;
using Xunit;

namespace Bench.Tests.Reporting.Claims;

/// <summary>Verdicts of claims from run folders, and the tests behind them.</summary>
public sealed class VerdictTests : IDisposable
{
    private static readonly string Published = Path.Combine(GoldenFile.Repository, "baselines", "published");
    private static readonly string Figures = Path.Combine(GoldenFile.Repository, "reports", "figures");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_end_at_zero_is_the_paired_t_test()
    {
        double[] differences = [0.1, 0.3, 0.2, 0.15];
        var test = RegionTest.Of(differences, 0, double.PositiveInfinity)!;
        Assert.Equal(PairedTest.Of(differences)!.P, 2 * Math.Min(test.Inside, test.Outside), 1e-12);
        Assert.Equal(1, test.Inside + test.Outside, 1e-12);
        Assert.Equal(PairedTest.Of(differences)!.Difference, test.Mean);
    }

    [Fact]
    public void Two_ends_are_two_one_sided_tests()
    {
        // Mean 0.02, deviation 0.01, error 0.01/√3: t is 0.07·√3/0.01 to the lower end and 0.03·√3/0.01 to the upper one.
        var test = RegionTest.Of([0.01, 0.02, 0.03], -0.05, 0.05)!;
        Assert.Equal(StudentT.CDF(0, 1, 2, -3 * Math.Sqrt(3)), test.Inside, 1e-9);
        Assert.Equal(1, test.Outside);
        Assert.Equal(1 - test.Inside, RegionTest.Of([0.01, 0.02, 0.03], 0.05, double.PositiveInfinity)!.Inside, 1e-9);

        // As far outside as it was inside: the nearer end decides, and there are two that could have been passed.
        var outside = RegionTest.Of([0.07, 0.08, 0.09], -0.05, 0.05)!;
        Assert.Equal(2 * StudentT.CDF(0, 1, 2, -3 * Math.Sqrt(3)), outside.Outside, 1e-9);
    }

    [Theory, InlineData(-0.1, 0.1), InlineData(0.0, double.PositiveInfinity), InlineData(double.NegativeInfinity, 0.05)]
    public void A_test_at_five_percent_is_whether_the_interval_lies_in_the_region(double low, double high)
    {
        foreach (double mean in Enumerable.Range(-20, 41).Select(i => i / 100.0))
        {
            var test = RegionTest.Of([mean - 0.02, mean, mean + 0.03], low, high)!;
            var interval = test.Mean.Interval!.Value;
            Assert.Equal(interval.Low > low && interval.High < high, 2 * test.Inside < 0.05);
            Assert.False(2 * test.Outside < 0.05 && interval.Low < high && interval.High > low);
        }
    }

    [Fact]
    public void Equal_numbers_have_no_spread_to_doubt_them()
    {
        Assert.Equal((0, 1), Both([0, 0, 0], -1e-6, 1e-6));
        Assert.Equal((1, 0), Both([2e-6, 2e-6], -1e-6, 1e-6));
        Assert.Equal((1, 1), Both([0, 0], 0, double.PositiveInfinity));
        Assert.Null(RegionTest.Of([1], 0, 1));

        static (double, double) Both(double[] values, double low, double high) =>
            RegionTest.Of(values, low, high) is var test ? (test!.Inside, test.Outside) : default;
    }

    [Fact]
    public void Every_verdict_is_reached()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.50, 2.511, 2.519);
        Write("gidd", 2.49, 2.52, 2.53);
        Write("udlm", 2.4, 2.5);
        ImmutableArray<TestedClaim> tested = Tested(
            Claim("better", ["ar"], "mdlm", below: 0), Claim("worse", ["mdlm"], "ar", below: 0), Claim("alike", ["gidd"], "mdlm", below: 0),
            Claim("few", ["udlm"], "mdlm", below: 0), Claim("absent", ["sedd"], "mdlm", below: 0),
            Claim("elsewhere", ["ar"], "mdlm", below: 0, experiment: "another"),
            Left("there is no such sampler"));
        Assert.Equal(
            [Verdict.Holds, Verdict.Opposite, Verdict.WithinNoise, Verdict.NotTestable, Verdict.NotTestable, Verdict.NotTestable,
                Verdict.NotTestable],
            tested.Select(one => one.Verdict));
        Assert.Equal("UDLM less MDLM: 2 common seeds are here, and 3 are the fewest that decide a claim", tested[3].Why);
        Assert.Equal("sedd less MDLM: 0 common seeds are here, and 3 are the fewest that decide a claim", tested[4].Why);
        Assert.Equal("none of its runs is here", tested[5].Why);
        Assert.Equal("there is no such sampler", tested[6].Why);
        Assert.Equal(PairedTest.Holm([.. tested.Take(3).Select(one => one.P)]), tested.Take(3).Select(one => one.AdjustedP));
        Assert.Equal("Of 7 claims 1 holds, 1 is opposite, 1 is within noise, 4 are not testable here.", ClaimsPage.Headline(tested));
    }

    [Fact]
    public void Within_a_margin_likelihoods_are_equal_and_beyond_it_they_are_not()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.305, 2.313, 2.3249);
        Assert.Equal(Verdict.Holds, Only(Claim("equal", ["mdlm"], "ar", above: -0.05, below: 0.05)).Verdict);
        Assert.Equal(Verdict.Holds, Only(Claim("cheap", ["mdlm"], "ar", below: 0.05)).Verdict);
        Assert.Equal(Verdict.Opposite, Only(Claim("same", ["mdlm"], "ar", above: -0.0001, below: 0.0001)).Verdict);
    }

    [Fact]
    public void A_claim_of_several_comparisons_holds_where_all_do_and_fails_with_any()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.50, 2.511, 2.519);
        Write("gidd", 2.20, 2.211, 2.219);
        Write("udlm", 2.29, 2.32, 2.33);
        var (mdlm, udlm) = (Only(Claim("a", ["mdlm"], "ar", above: 0)), Only(Claim("a", ["udlm"], "ar", above: 0)));
        Assert.Equal(Math.Max(mdlm.P, udlm.P), Only(Claim("both", ["mdlm", "udlm"], "ar", above: 0)).P, 1e-12);
        var gidd = Only(Claim("a", ["gidd"], "ar", above: 0));
        var any = Only(Claim("any", ["mdlm", "gidd"], "ar", above: 0));
        Assert.Equal(Verdict.Opposite, any.Verdict);
        Assert.Equal(2 * gidd.P, any.P, 1e-12);
    }

    [Fact]
    public void Runs_of_an_earlier_definition_do_not_count()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.50, 2.511, 2.519);
        var claim = Claim("better", ["ar"], "mdlm", below: 0);
        var runs = new RunStore(folder["results"]).ReadAll();
        var own = runs.Where(run => run.Seed < 3).Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
        claim = claim with { Decision = claim.Decision! with { Runs = hash => hash == SyntheticResults.Hash ? own : [] } };
        Assert.Equal(Verdict.NotTestable, Assert.Single(TestedClaim.All([claim], runs)).Verdict);
    }

    [Fact]
    public void The_page_shows_every_claim_and_the_same_runs_give_the_same_bytes()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.50, 2.511, 2.519);
        Claim[] claims = [Claim("better", ["ar"], "mdlm", below: 0), Left("why & how")];
        string[] pages = [.. ((string[])["one", "two"]).Select(output =>
        {
            var report = Report.Build(folder["results"], Published, Figures, folder[output],
                claims);
            Assert.Contains("tables/claims.csv", report.Files);
            return File.ReadAllText(folder[output, "claims.html"]);
        })];
        Assert.Equal(pages[0], pages[1]);
        Assert.Contains("Of 2 claims 1 holds, 1 is not testable here.", pages[0], StringComparison.Ordinal);
        foreach (string said in (string[])["AR less MDLM", "<b>holds</b>", "why &amp; how", "bench run experiments/claims/better.yaml",
            "Sahoo et al. 2024", "3 seeds", "id=\"left\""])
            Assert.Contains(said, pages[0], StringComparison.Ordinal);
        Assert.Contains("<nav aria-label=\"Contents\"><a href=\"claims.html\">", File.ReadAllText(folder["one", "index.html"]),
            StringComparison.Ordinal);

        // A claim that is worded anew makes the report stale.
        Assert.Empty(Staleness.Of(folder["results"], Published, Figures, folder["one"], claims));
        claims[0] = claims[0] with { Statement = "x" };
        Assert.Equal(
            "claims/better has changed.", Assert.Single(Staleness.Of(folder["results"], Published, Figures, folder["one"], claims)));
    }

    [Fact]
    public void The_table_has_a_row_a_comparison_and_a_reason_for_every_dash()
    {
        Write("ar", 2.30, 2.31, 2.32);
        Write("mdlm", 2.50, 2.511, 2.519);
        Write("gidd", 2.49, 2.52, 2.53);
        var table = ClaimsTable.Build(
            Tested(Claim("behind", ["mdlm", "gidd"], "ar", above: 0.1), Left("x")),
            Bibliography.Read(Path.Combine(Published, "references.bib")))!;
        Assert.Equal(["behind", "behind", "left"], table.Rows.Select(row => ((Bench.Reporting.Tables.Cell.Words)row.Cells[0]).Text));
        Assert.Contains(table.Rows[0].Cells, cell => cell is Bench.Reporting.Tables.Cell.Words { Text: "above 0.1" });
        Assert.All(table.Rows[2].Cells.OfType<Bench.Reporting.Tables.Cell.Absent>(), cell => Assert.Equal("x", cell.Why));
    }

    [Theory]
    [InlineData(double.NegativeInfinity, 0.05, "below 0.05"), InlineData(1, double.PositiveInfinity, "above 1")]
    [InlineData(-1e-6, 1e-6, "between −1E−6 and 1E−6")]
    public void A_region_is_said_in_words(double low, double high, string words) => Assert.Equal(words, new Region(low, high).ToString());

    private void Write(string method, params double[] bits)
    {
        for (int seed = 1; seed <= bits.Length; seed++)
        {
            SyntheticResults.Network(
                new RunStore(folder["results"]), "text8", method, method.ToUpperInvariant(), "", seed, bits[seed - 1], 0.01, isBound: false,
                "claims");
        }
    }

    private TestedClaim Only(Claim claim) => Assert.Single(Tested(claim));

    private ImmutableArray<TestedClaim> Tested(params Claim[] claims) => TestedClaim.All(claims, new RunStore(folder["results"]).ReadAll());

    private Claim Left(string why) => Claim("left", ["ar"], "mdlm", below: 0) with { Decision = null, Untested = why };

    private Claim Claim(string name, string[] of, string to, double above = double.NegativeInfinity, double below = double.PositiveInfinity,
        string experiment = "claims") => new()
    {
        Name = name,
        Statement = $"What {name} says.",
        Cites = ["sahoo2024simple"],
        Where = "table 1",
        Prediction = "as it says",
        File = $"experiments/claims/{name}.yaml",
        Decision = new($"experiments/claims/definitions/{name}.yaml", experiment,
            _ => new RunStore(folder["results"]).ReadAll().Select(run => run.Id).ToHashSet(StringComparer.Ordinal),
            new Difference([.. of.Select(method => new Series(method))], new(to), LikelihoodMetrics.Likelihood)
            {
                Claimed = new(above, below),
            }),
    };
}
