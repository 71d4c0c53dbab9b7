using Bench.Cli.Illustrations;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Reporting;
using Bench.Reporting.Paper;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>Pictures of hyperschedules, attention masks and noise.</summary>
public sealed class ExplanationTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void Methods_are_shown_as_characters() => GoldenFile.Matches(
        "pictures-in-characters.txt",
        shell.Transcript(
            "schedule gamma-slide --length 20",
            "schedule gamma-slide --length 20 --mask",
            "schedule gamma-block-slide --length 20 --mask --step 20",
            "schedule ar --length 6 --mask --step 4",
            "schedule bd3lm --length 64 --mask --noise",
            "schedule gidd --noise",
            "schedule gamm",
            "schedule ar --length 6 --mask --step 7"));

    [Fact]
    public void The_tables_of_a_method_are_written_and_its_levels_read_again()
    {
        Assert.Equal(0, shell.Run("schedule", "gamma-slide", "--length", "20", "--csv", shell.Folder["tables"]).Code);
        string[] mask = File.ReadAllLines(shell.Folder["tables/mask.csv"]), noise = File.ReadAllLines(shell.Folder["tables/noise.csv"]);
        Assert.Equal((20, 39), (mask.Length, mask[0].Length));
        Assert.Equal(("t,keep,uniform,mask", "0,1,0,0", "1,0,0,1"), (noise[0], noise[1], noise[^1]));

        string levels = shell.Folder["tables/levels.csv"];
        var read = LevelTable.Read(levels, File.ReadAllText(levels)).Path!;
        Assert.Equal(LevelTable.Lines(((NetworkMethod)MethodTable.Find("gamma-slide")!).Hyperschedule(20, 20)), LevelTable.Lines(read));
        Assert.Equal(0, shell.Run("schedule", levels).Code);
        Assert.Contains("Name a method", shell.Run("schedule", levels, "--mask").IsReported(code: 2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_of_noise_sum_to_one() => Assert.All(
        NoisePanels.Rows(new Gidd(0.3), new LogLinear(0), 50),
        row => Assert.Equal(1, row.Skip(1).Sum(share => double.Parse(share, System.Globalization.CultureInfo.InvariantCulture)), 1e-12));

    [Fact]
    public void Figures_of_the_paper_are_drawn_in_every_format_without_any_result()
    {
        var pictures = Gallery.OfPaper();
        string[] files = [.. PaperFigures.Build(shell.Results, Path.Combine(Repository.Root, "baselines", "published"),
            Path.Combine(Repository.Root, "reports", "figures"), shell.Folder["paper"], pictures)];
        foreach (string picture in new[] { "hyperschedules", "attention-masks", "attention-masks-training", "noise-processes" })
            Assert.All(["svg", "png", "pdf"], format => Assert.Contains($"figures/{picture}.{format}", files));
        Assert.Contains("block-slide", File.ReadAllText(shell.Folder["paper/figures/hyperschedules.svg"]), StringComparison.Ordinal);
        Assert.Contains("**Not made yet**", File.ReadAllText(shell.Folder["paper/README.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_paper_s_hyperschedules_have_its_steps_and_training_sees_clean_blocks_before_a_noisy_one()
    {
        var pictures = Gallery.OfPaper();

        // T: one step a token, one a level, K steps a block, and for the slide K + d − 1.
        Assert.Equal([20, 20, 20, 23, 35], pictures.Hyperschedules.Panels.Select(panel => panel.Rows.Length - 1));

        // hdlm.md 5.3: [clean | noisy], blocks of 4 among 12; the first noisy token of the second block attends to the first clean block
        // and its own noisy one.
        var aligned = pictures.TrainingMasks.Panels[0].Rows;
        Assert.Equal("111100000000000000000000", string.Concat(aligned[0]));
        Assert.Equal("222200000000000022220000", string.Concat(aligned[16]));
    }
}
