using System.Globalization;
using Bench.Results.Runs;

namespace Bench.Results.Metrics;

/// <summary>The values that a metric can have, and why no others.</summary>
/// <param name="Least">The least, but for <see cref="Slack"/>.</param>
/// <param name="Most">The most, but for <see cref="Slack"/>.</param>
/// <param name="Why">What a value outside contradicts, after "but".</param>
public sealed record ValueRange(double Least, double Most, string Why)
{
    /// <summary>Numbers that were rounded on their way to a file agree to this.</summary>
    public const double Rounding = 1e-5;

    /// <summary>Any finite number.</summary>
    public static ValueRange Finite { get; } = new(double.NegativeInfinity, double.PositiveInfinity, "");

    /// <summary>Times, sizes, counts and entropies.</summary>
    public static ValueRange NotNegative { get; } = new(0, double.PositiveInfinity, "it is 0 or more");

    /// <summary>Shares and probabilities.</summary>
    public static ValueRange Share { get; } = new(0, 1, "it is a share or a probability, which lies in [0, 1]") { Slack = Rounding };

    /// <summary>−ln p of tokens, or an estimate of its bound, which may lie a little below 0.</summary>
    public static ValueRange NegativeLogLikelihood { get; } = Likelihood(0, "negative log-likelihood is 0 or more");

    /// <summary>e^−ln p of a token.</summary>
    public static ValueRange Perplexity { get; } = Likelihood(1, "perplexity is 1 or more");

    /// <summary>The same of generated text; infinite where the scorer holds the text impossible, which is a result.</summary>
    public static ValueRange GenerativePerplexity { get; } = Perplexity with { MayBeInfinite = true };

    /// <summary>How far outside a value may lie.</summary>
    public double Slack { get; init; }

    /// <summary>
    /// It is estimated from draws, so that it may lie some standard errors outside by chance; further out, test text has leaked.
    /// </summary>
    public bool IsLikelihood { get; init; }

    /// <summary>∞ is a result.</summary>
    public bool MayBeInfinite { get; init; }

    private static ValueRange Likelihood(double least, string why) =>
        new(least, double.PositiveInfinity, $"no token is more probable than 1, so that a {why}") { Slack = Rounding, IsLikelihood = true };
}

/// <summary>The most that a metric can be for a definition.</summary>
/// <param name="Most">The value.</param>
/// <param name="Why">What a larger one contradicts, after "but".</param>
public sealed record ValueLimit(double Most, string Why);

/// <summary>How many different tokens a text can have, by the names that resolved definitions give tokenizers.</summary>
public static class VocabularySize
{
    private const string Symbols = "symbols", BytePairs = "gpt2", CutShort = "gpt2-", OwnMerges = "bytepairs-";

    /// <summary>V of a run's tokenizer; null where the name does not say it.</summary>
    public static int? Of(RunDefinition definition) => definition.Text("data.tokenizer") switch
    {
        "alphabet27" => 27,
        BytePairs => 50_257,
        "gpt2-pad" => 50_258,
        { } name when name.StartsWith(CutShort, StringComparison.Ordinal) => Count(name.AsSpan(CutShort.Length)),
        { } name when name.StartsWith(Symbols, StringComparison.Ordinal) => Count(name.AsSpan(Symbols.Length)),
        _ => null,
    };

    /// <summary>Whether a token of a run's text may be several characters, by the name of its tokenizer.</summary>
    public static bool IsOfBytePairs(RunDefinition definition) => definition.Text("data.tokenizer") is { } name
        && (name == BytePairs
            || name.StartsWith(CutShort, StringComparison.Ordinal) || name.StartsWith(OwnMerges, StringComparison.Ordinal));

    /// <summary>The most different tokens of a generated sequence: at most V, and at most its length; null for neither known.</summary>
    public static int? OfSequence(RunDefinition definition)
    {
        int? length = definition.Number("data.length") is >= 1 and var tokens ? (int)tokens : null;
        return Of(definition) is { } count ? Math.Min(count, length ?? count) : length;
    }

    private static int? Count(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;
}
