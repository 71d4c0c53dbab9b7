using Bench.NGrams;
using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>
/// An n-gram model of the training text as scorer: it models spelling and short phrases, costs nothing, and no network is trained against
/// it.
/// </summary>
/// <param name="model">Fitted.</param>
/// <param name="counted">Which tokens count; all by default.</param>
/// <param name="fitted">What it was fitted on, where that is not the whole training text.</param>
public sealed class NGramScorer(WittenBell model, CountedTokens? counted = null, string? fitted = null) : IScorer
{
    private readonly CountedTokens counted = counted ?? CountedTokens.All;

    /// <inheritdoc/>
    public string Name => $"ngram-{model.Order}";

    /// <inheritdoc/>
    public string Protocol => $"interpolated Witten-Bell {model.Order}-gram{(fitted is null ? "" : $" of {fitted}")}, {counted}";

    /// <inheritdoc/>
    public TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default) => [.. texts.Select(text =>
    {
        stop.ThrowIfCancellationRequested();
        return text.IsMadeOf(model.TokenCount)
            ? counted.Sum(text, model.NatsPerToken(text.Tokens))
            : new(double.PositiveInfinity, text.Tokens.Length, text.Characters);
    })];
}

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
