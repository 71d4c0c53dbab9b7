using Bench.Experiments.Speed;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>The table of cases, and how rows are named on a command line.</summary>
public sealed class SpeedCasesTests
{
    [Fact]
    public void No_two_cases_have_the_same_name() =>
        Assert.Equal(SpeedCases.All.Length, SpeedCases.All.Select(row => row.Name).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void No_name_means_all_cases() => Assert.Equal(SpeedCases.All.Select(row => row.Name), Names());

    [Fact]
    public void A_case_is_named_by_its_name_or_by_a_word_in_it()
    {
        Assert.Equal(
            ["train-mdlm-tiny", "sample-ar-tiny", "sample-ar-tiny-single", "sample-mdlm-tiny", "sample-mdlm-laptop", "sample-bd3lm-tiny",
                "sample-gamma-block-tiny"], Names("train-mdlm-tiny", "sample"));
        Assert.Equal(["sample-ar-tiny"], Names("sample-ar-tiny"));
        Assert.Equal(["train-mdlm-bpe", "train-ar-bpe"], Names("bpe"));
    }

    [Fact]
    public void Several_words_of_a_name_select_it_and_the_last_may_be_cut_short()
    {
        Assert.Equal(["sample-mdlm-tiny", "sample-mdlm-laptop"], Names("sample-mdlm"));
        Assert.Equal(["train-gamma-block-quick", "sample-gamma-block-tiny"], Names("gamma-block"));
        Assert.Equal(["train-mdlm-tiny", "sample-mdlm-tiny"], Names("mdlm-t"));
        var problems = SpeedCases.Select(["dlm-tiny", ""]).Problems;
        Assert.Equal(["there is no case 'dlm-tiny'", "there is no case ''"], problems.Select(problem => problem.What));
    }

    [Fact]
    public void Every_unknown_name_is_reported_at_once_with_a_suggestion()
    {
        var problems = SpeedCases.Select(["train-mldm-tiny", "tiny", "laptpo"]).Problems;
        Assert.Equal(["there is no case 'train-mldm-tiny'", "there is no case 'laptpo'"], problems.Select(problem => problem.What));
        Assert.StartsWith("Did you mean 'train-mdlm-tiny'? Known cases: train-mdlm-quick, ", problems[0].Fix, StringComparison.Ordinal);
        Assert.StartsWith("Did you mean 'laptop'?", problems[1].Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sizes_are_that_of_quick_and_those_that_peers_were_measured_at() => Assert.Equal(
        [("quick", 2, 64, 4, 128, 8, 28), ("tiny", 4, 128, 4, 128, 64, 29), ("laptop", 6, 256, 4, 256, 32, 29),
            ("bpe", 6, 256, 4, 256, 8, 50_258)],
        SpeedCases.All.Select(row => row.Size).Distinct()
            .Select(
                size => (size.Name, size.Blocks, size.Width, size.Heads, size.Length, size.Batch,
                    size.Shape(SmallCases.Method("mdlm").View).Vocabulary)));

    [Fact]
    public void Every_published_speed_is_of_a_case_that_there_is()
    {
        var published = PublishedSpeed.Read(Path.Combine(Repository.Root, "baselines", "speed", "peers.csv"));
        Assert.NotEmpty(published);
        Nothing.In(published.Select(peer => peer.Case).Except(SpeedCases.All.Select(row => row.Name), StringComparer.Ordinal));
        Assert.Equal(published.Length, published.DistinctBy(peer => (peer.Case, peer.System, peer.Mode)).Count());
    }

    private static IEnumerable<string> Names(params string[] wanted) => SpeedCases.Select(wanted).Cases.Select(row => row.Name);
}
