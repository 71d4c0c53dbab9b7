using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class ComparisonTests
{
    private static Comparison Only(RunStore store) => Assert.Single(Comparison.All(store.ReadAll()));

    [Fact]
    public void Seeds_are_one_row_whose_error_adds_measurement_and_seeds_in_squares()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path);
        var ar = Only(new RunStore(folder.Path)).Methods.Single(method => method.Method == "ar");
        var bits = ar.Bits(Splits.Test)!.Value;
        Assert.Equal(2, ar.Finished.Length);
        Assert.Equal(2.35, bits.Value, 12);

        // Seeds at 2.34 and 2.36: variance 2e-4, over two seeds 1e-4; the measurement's error is 0.01.
        Assert.Equal(Math.Sqrt(1e-4 + 1e-4), bits.StandardError!.Value, 12);
        Assert.False(bits.IsUpperBound);
    }

    [Fact]
    public void A_run_with_a_diffusion_term_reports_a_bound()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path);
        var mdlm = Only(new RunStore(folder.Path)).Methods.Single(method => method.Method == "mdlm");
        Assert.True(mdlm.Bits(Splits.Test)!.Value.IsUpperBound);
        Assert.True(mdlm.Perplexity(Splits.Test)!.Value.IsUpperBound);
        Assert.Equal(0.0149, mdlm.Bits(Splits.Test)!.Value.StandardError!.Value, 12);
    }

    [Fact]
    public void Baselines_come_first_then_the_best_network_and_what_has_no_number_last()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path);
        Assert.Equal(
            ["ngram-1", "ngram-2", "ngram-3", "ar", "mdlm", "sedd-absorb", "udlm"],
            Only(new RunStore(folder.Path)).Methods.Select(method => method.Method));
    }

    [Fact]
    public void A_network_beats_an_n_gram_only_by_more_than_two_errors()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticResults.Write(folder.Path);

        // 3-gram: 2.6003 ± 0.006. The error of the difference is 0.01, so 2.5804 is within two of them and 2.5802 is not.
        SyntheticResults.Network(store, "text8", "near", "Near", "", 1, bits: 2.5804, error: 0.008, isBound: false);
        SyntheticResults.Network(store, "text8", "clear", "Clear", "", 1, bits: 2.5802, error: 0.008, isBound: false);
        var comparison = Only(store);
        string? Beaten(string method) => comparison.BeatenNGram(comparison.Methods.Single(other => other.Method == method))?.Method;
        Assert.Equal("ngram-2", Beaten("near"));
        Assert.Equal("ngram-3", Beaten("clear"));
        Assert.Null(Beaten("udlm"));
    }

    [Fact]
    public void Methods_of_one_title_are_labelled_by_what_differs_between_them()
    {
        using var folder = new TemporaryFolder();
        var store = new RunStore(folder.Path);
        SyntheticResults.Network(store, "text8", "bd3lm", "BD3-LM", "", 1, 2.5, 0.01, isBound: true,
            model: [("block-size", 4), ("width", 64)]);
        SyntheticResults.Network(store, "text8", "bd3lm", "BD3-LM", "", 1, 2.6, 0.01, isBound: true,
            model: [("block-size", 16), ("width", 64)]);
        SyntheticResults.Network(store, "text8", "ar", "AR", "", 1, 2.4, 0.01, isBound: false, model: [("width", 64)]);
        Assert.Equal(["AR", "BD3-LM (block size 4)", "BD3-LM (block size 16)"], Only(store).Methods.Select(method => method.Label));
    }

    [Fact]
    public void Numbers_on_different_text_are_never_in_one_table()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path, "text8");
        SyntheticResults.Network(new RunStore(folder.Path), "another text", "ar", "AR", "", 1, 2.4, 0.01, isBound: false);
        var comparisons = Comparison.All(new RunStore(folder.Path).ReadAll());
        Assert.Equal(["text8", "another text"], comparisons.Select(comparison => comparison.Corpus));
        Assert.Equal("", comparisons[0].Suffix);
        Assert.Equal("-likelihood-" + SyntheticResults.Hash[..32], comparisons[1].Suffix);
    }

    [Fact]
    public void An_experiment_is_compared_within_itself_and_the_longest_is_the_main_one()
    {
        using var folder = new TemporaryFolder();
        SyntheticResults.Write(folder.Path);
        SyntheticResults.Network(new RunStore(folder.Path), "text8", "ar", "AR", "", 1, 2.4, 0.01, isBound: false,
            experiment: "a smoke test");
        var comparisons = Comparison.All(new RunStore(folder.Path).ReadAll());
        Assert.Equal(["likelihood", "a smoke test"], comparisons.Select(comparison => comparison.Experiment));
        Assert.Equal(["", "-a-smoke-test"], comparisons.Select(comparison => comparison.Suffix));
        Assert.Equal(["AR"], comparisons[1].Methods.Select(method => method.Label));
    }
}
