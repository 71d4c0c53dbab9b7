using Bench.Scoring;

namespace Bench.Metrics;

/// <summary>
/// Perplexity of generated text under a scorer, per character or per token of the scorer. Two published definitions go by the same name.
/// </summary>
/// <remarks>Repetitive text is likely under any scorer: the number says nothing without an entropy beside it.</remarks>
public sealed class GenerativePerplexity
{
    private readonly Func<TextLikelihood, int> units;

    private GenerativePerplexity(Func<TextLikelihood, int> units) => this.units = units;

    /// <summary>Comparable between scorers with different tokens.</summary>
    public static GenerativePerplexity PerCharacter { get; } = new(text => text.Characters);

    /// <summary>As published.</summary>
    public static GenerativePerplexity PerToken { get; } = new(text => text.Tokens);

    /// <summary>
    /// exp(Σ nats / Σ units): every unit weighs the same (MDLM, arXiv 2406.07524; BD3-LM, arXiv 2503.09573). NaN of no unit.
    /// </summary>
    public double Corpus(IEnumerable<TextLikelihood> texts)
    {
        var (nats, count) = (0.0, 0L);
        foreach (var text in texts)
            (nats, count) = (nats + text.Nats, count + units(text));
        return Math.Exp(nats / count);
    }

    /// <summary>
    /// The mean of <see cref="OfSequences"/>: every sequence weighs the same, and unlikely ones dominate (SEDD, arXiv 2310.16834; HDLM,
    /// arXiv 2504.06416). NaN of none.
    /// </summary>
    public double MeanOfSequences(IEnumerable<TextLikelihood> texts) =>
        OfSequences(texts) is { Length: > 0 } present ? present.Average() : double.NaN;

    /// <summary>exp(nats / units) of each text that has units.</summary>
    public double[] OfSequences(IEnumerable<TextLikelihood> texts) =>
        [.. texts.Where(text => units(text) > 0).Select(text => Math.Exp(text.Nats / units(text)))];

    /// <summary>Units of all texts.</summary>
    public long Units(IEnumerable<TextLikelihood> texts) => texts.Sum(text => (long)units(text));
}
