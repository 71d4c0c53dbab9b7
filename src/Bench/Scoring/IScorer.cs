using Bench.Numerics;
using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>A model that says how likely generated text is.</summary>
public interface IScorer
{
    /// <summary>The name in tables.</summary>
    string Name { get; }

    /// <summary>How it scores, as text.</summary>
    string Protocol { get; }

    /// <summary>−ln p of each text; infinite for one that the model holds impossible.</summary>
    /// <param name="texts">Sequences.</param>
    /// <param name="stop">Cancels.</param>
    TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default);
}

/// <summary>−ln p of a text under a scorer.</summary>
/// <param name="Nats">Over all tokens that were predicted.</param>
/// <param name="Tokens">How many were predicted, in the scorer's own vocabulary.</param>
/// <param name="Characters">Code points of the text.</param>
public sealed record TextLikelihood(double Nats, int Tokens, int Characters);

/// <summary>Which tokens of a sequence a perplexity counts. The published ones differ in it, and so are not the same quantity.</summary>
/// <param name="First">Whether the first token counts, which has no other before it.</param>
/// <param name="End">The end-of-text mark; null where there is none.</param>
/// <param name="FirstEnd">Whether the first end-of-text mark counts; later ones never do.</param>
public sealed record CountedTokens(bool First = true, int? End = null, bool FirstEnd = true)
{
    /// <summary>Every token: what this suite reports.</summary>
    public static CountedTokens All { get; } = new();

    /// <summary>As SEDD (arXiv 2310.16834) and HDLM (arXiv 2504.06416) count.</summary>
    public static CountedTokens AfterFirst { get; } = new(First: false);

    /// <summary>As MDLM counts (arXiv 2406.07524).</summary>
    public static CountedTokens ThroughFirstEnd(int end) => new(First: false, end);

    /// <summary>As BD3-LM counts (arXiv 2503.09573).</summary>
    public static CountedTokens WithoutEnds(int end) => new(First: false, end, FirstEnd: false);

    /// <summary>Sums a text's nats.</summary>
    /// <param name="text">L tokens.</param>
    /// <param name="nats">L numbers.</param>
    public TextLikelihood Sum(GeneratedText text, ReadOnlySpan<double> nats)
    {
        Require.Length(nats.Length, text.Tokens.Length);
        var (sum, count, ended) = (0.0, 0, false);
        for (int i = 0; i < nats.Length; i++)
        {
            bool ends = text.Tokens[i] == End;
            if ((i > 0 || First) && (!ends || (FirstEnd && !ended)))
                (sum, count) = (sum + nats[i], count + 1);
            ended |= ends;
        }

        return new(sum, count, text.Characters);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Properties());

    private IEnumerable<string> Properties()
    {
        yield return First ? "every token counts" : "every token but the first counts";
        if (End is not null)
            yield return FirstEnd ? "of ends of text the first" : "no end of text";
    }
}
