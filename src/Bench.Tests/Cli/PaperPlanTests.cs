using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Cli;

/// <summary>The networks of the papers, on stand-ins for the texts that the user has to bring.</summary>
public sealed class PaperPlanTests : IDisposable
{
    private readonly Shell shell = new() { Limits = new MachineLimits(Memory: 16_000_000_000, FreeDisk: 100_000_000_000) };

    public void Dispose() => shell.Dispose();

    [Fact]
    public void OpenWebText_at_the_size_of_the_papers_has_a_price_and_does_not_fit_here() =>
        IsTooLarge("owt.yaml", "data/openwebtext", runs: 17);

    [Fact]
    public void LM1B_at_the_size_of_the_papers_has_a_price_and_does_not_fit_here() => IsTooLarge("lm1b.yaml", "data/lm1b", runs: 17);

    // Likelihoods and generations, too, whose logits are computed in parts.
    [Theory]
    [InlineData("owt.yaml", "data/openwebtext", "h200"), InlineData("owt.yaml", "data/openwebtext", "h100")]
    [InlineData("owt.yaml", "data/openwebtext", "rtx-4090"), InlineData("lm1b.yaml", "data/lm1b", "a100-40")]
    public void A_card_has_room_for_all_runs_in_micro_batches_and_takes_days(string name, string corpus, string card)
    {
        var answer = Plan(name, corpus, "--device", "cuda", "--card", card);
        Assert.Equal((0, ""), (answer.Code, answer.Error));
        Assert.Contains($"Estimated for {Card.Parse(card)!.Name}", answer.Output, StringComparison.Ordinal);
        Assert.Matches(@"about [\d,.]+ (days|years) on the card", answer.Output);
        Assert.Matches(@"give bench run --micro-batch \d+", answer.Output);
    }

    [Fact]
    public void A_card_of_four_gigabytes_has_room_for_none_of_them()
    {
        var answer = Plan("owt.yaml", "data/openwebtext", "--device", "cuda", "--card", "small, 100, 1000, 4");
        Assert.Equal(2, answer.Code);
        Assert.Contains("17 problems", answer.Error, StringComparison.Ordinal);
    }

    private void IsTooLarge(string name, string corpus, int runs)
    {
        var answer = Plan(name, corpus, "--no-probe");
        Assert.Equal(2, answer.Code);
        Assert.Matches(@"To do: \S+ [GT] tokens to train on, \S+ ZFLOP, not timed", answer.Output);
        Assert.Contains($"{runs} problems", answer.Error, StringComparison.Ordinal);
        Assert.Contains("it needs about", answer.Error, StringComparison.Ordinal);
    }

    private Answer Plan(string name, string corpus, params string[] options)
    {
        string folder = shell.Folder["texts"];
        Directory.CreateDirectory(folder);
        foreach (string part in new[] { "train", "validation", "test" })
            shell.Folder.Write($"texts/{part}.txt",
                string.Concat(
                    Enumerable.Range(0, 3000)
                        .Select(i => i % 10 == 9 ? "<|endoftext|>\n" : $"The {(i * i % 7 < 3 ? "king" : "winter")}, {part}: {i}.\n")));
        string published = File.ReadAllText(Path.Combine(Repository.Root, "experiments", "paper", name));
        Assert.Contains($"corpus: {corpus}\n", published, StringComparison.Ordinal);

        return shell.Run(["plan", shell.Folder.Write(
            name, published.Replace($"corpus: {corpus}", $"corpus: {folder}", StringComparison.Ordinal)), .. options]);
    }
}
