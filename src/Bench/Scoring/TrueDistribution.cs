using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>The distribution that the training text was drawn from as scorer: the only one that cannot be wrong.</summary>
/// <param name="tokenCount">The vocabulary.</param>
/// <param name="nats">−ln p of a sequence of tokens.</param>
public sealed class TrueDistribution(int tokenCount, Func<ReadOnlySpan<int>, double> nats) : IScorer
{
    /// <inheritdoc/>
    public string Name => "truth";

    /// <inheritdoc/>
    public string Protocol => "the source's own distribution, every token counts";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default) =>
        [.. texts.Select(
            text => new TextLikelihood(text.IsMadeOf(tokenCount) ? nats(text.Tokens) : double.PositiveInfinity, text.Tokens.Length,
                text.Characters))];
}
