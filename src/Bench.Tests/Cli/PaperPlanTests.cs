using Bench.Experiments.Machine;
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

    // All but what is generated: the logits of 64 texts at once are more than the card's memory.
    [Fact]
    public void OpenWebText_on_a_card_takes_days_in_micro_batches()
    {
        var answer = Plan("owt.yaml", "data/openwebtext", "--device", "cuda", "--card", "h200");
        Assert.Contains("Estimated for NVIDIA H200 SXM", answer.Output, StringComparison.Ordinal);
        Assert.Matches(@"about [\d,]+ days on the card", answer.Output);
        Assert.Matches(@"give bench run --micro-batch \d+", answer.Output);
        Assert.Contains("Lower data.length, sampling.count or model.width", answer.Error, StringComparison.Ordinal);
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
