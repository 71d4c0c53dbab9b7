using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Differences between methods, and their absence with one seed.</summary>
public sealed class DifferencesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Methods_are_compared_with_AR_and_MDLM_over_common_seeds()
    {
        Write("ar", "AR", isBound: false, 2.30, 2.31, 2.32);
        Write("mdlm", "MDLM", isBound: true, 2.50, 2.511, 2.519);
        Write("gidd", "GIDD", isBound: true, 2.49, 2.52, 2.53);
        var table = Differences.Build(Compared(), new RunLinks(folder.Path))!;
        Assert.Equal(
            ["AR MDLM 3 worse, by bounds", "AR GIDD 3 worse, by bounds", "MDLM AR 3 better, by bounds", "MDLM GIDD 3 within noise"],
            table.Rows.Select(row => $"{Words(row, 1)} {Words(row, 2)} {Number(row, 3)} {Words(row, 7)}"));

        // 2.50 − 2.30, 2.511 − 2.31 and 2.519 − 2.32: mean 0.2, deviation 0.001, error 0.001/√3.
        Assert.Equal(0.2, Number(table.Rows[0], 4), 1e-9);
        var interval = ((Cell.Number)table.Rows[0].Cells[4]).Value.Interval!.Value;
        Assert.Equal(4.302652730 * 0.001 / Math.Sqrt(3), (interval.High - interval.Low) / 2, 1e-8);
        Assert.True(Number(table.Rows[0], 6) >= Number(table.Rows[0], 5));
        Assert.Null(Differences.Untested(Compared()));
    }

    [Fact]
    public void The_headline_states_the_order_that_Holm_leaves()
    {
        Write("ar", "AR", isBound: false, 2.30, 2.31, 2.32);
        Write("mdlm", "MDLM", isBound: true, 2.50, 2.511, 2.519);
        Write("gidd", "GIDD", isBound: true, 2.49, 2.52, 2.53);
        Assert.Equal(
            "On the test text of text8, AR reaches 2.310 ± 0.012 bits per character: of 2 other networks 2 are worse (MDLM, GIDD). "
                + "MDLM reaches at most 2.510 ± 0.011: of 2 other networks 1 is better (AR), 1 is within noise.",
            Headline.Of(Compared()));
    }

    [Theory, InlineData(1, "one seed a method orders"), InlineData(2, "fewer than three common seeds order")]
    public void With_fewer_than_three_seeds_the_headline_claims_no_order(int seeds, string said)
    {
        Write("ar", "AR", isBound: false, [.. new[] { 2.30, 2.31 }.Take(seeds)]);
        Write("mdlm", "MDLM", isBound: true, [.. new[] { 2.50, 2.51 }.Take(seeds)]);
        string headline = Headline.Of(Compared());
        Assert.StartsWith("On the test text of text8, 2 networks reach from 2.3", headline, StringComparison.Ordinal);
        Assert.EndsWith($"bits per character; {said} none of them.", headline, StringComparison.Ordinal);
        Assert.DoesNotContain("MDLM", headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Exact_likelihoods_are_better_or_worse_without_reserve()
    {
        Write("ar", "AR", isBound: false, 2.30, 2.31, 2.32);
        Write("diffusion-forcing", "Forcing", isBound: false, 2.50, 2.511, 2.519);
        Assert.Equal("worse", Words(Assert.Single(Differences.Build(Compared(), new RunLinks(folder.Path))!.Rows), 7));
    }

    [Fact]
    public void With_one_seed_there_is_no_test_and_the_main_table_says_so()
    {
        Write("ar", "AR", isBound: false, 2.30);
        Write("mdlm", "MDLM", isBound: true, 2.50);
        Assert.Null(Differences.Build(Compared(), new RunLinks(folder.Path)));
        var main = BuiltReport.Build(folder["results"], folder["reports"]).Main;
        Assert.Contains(main.Notes,
            note => note.StartsWith("One seed a method: differences between methods are not tested", StringComparison.Ordinal));
        Assert.DoesNotContain(main.Columns, column => column.Key == "test_seeds_low");
    }

    [Fact]
    public void Seeds_that_are_not_common_are_no_pairs()
    {
        Write("ar", "AR", isBound: false, 2.30, 2.31);
        SyntheticResults.Network(new RunStore(folder["results"]), "text8", "mdlm", "MDLM", "", 2, 2.5, 0.01, isBound: true);
        SyntheticResults.Network(new RunStore(folder["results"]), "text8", "mdlm", "MDLM", "", 3, 2.6, 0.01, isBound: true);
        Assert.Null(Differences.Build(Compared(), new RunLinks(folder.Path)));
        var main = BuiltReport.Build(folder["results"], folder["reports"]).Main;
        Assert.Contains(main.Columns, column => column.Key == "test_seeds_low");
    }

    private static string Words(Row row, int column) => ((Cell.Words)row.Cells[column]).Text;

    private static double Number(Row row, int column) => ((Cell.Number)row.Cells[column]).Value.Value;

    private void Write(string method, string title, bool isBound, params double[] bits)
    {
        for (int seed = 1; seed <= bits.Length; seed++)
            SyntheticResults.Network(new RunStore(folder["results"]), "text8", method, title, "", seed, bits[seed - 1], 0.01, isBound);
    }

    private Comparison Compared() => Comparison.All(new RunStore(folder["results"]).ReadAll())[0];
}
