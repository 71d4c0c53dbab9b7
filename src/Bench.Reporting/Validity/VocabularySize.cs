using System.Globalization;
using Bench.Results;

namespace Bench.Reporting.Validity;

/// <summary>How many different tokens a text can have, by the names that resolved definitions give tokenizers.</summary>
internal static class VocabularySize
{
    private const string Symbols = "symbols";

    /// <summary>V of a run's tokenizer; null where the name does not say it.</summary>
    public static int? Of(RunDefinition definition) => definition.Text("data.tokenizer") switch
    {
        "alphabet27" => 27,
        "gpt2" => 50_257,
        { } name when name.StartsWith(Symbols, StringComparison.Ordinal) => Count(name.AsSpan(Symbols.Length)),
        _ => null,
    };

    /// <summary>The most different tokens of a generated sequence: at most V, and at most its length; null for neither known.</summary>
    public static int? OfSequence(RunDefinition definition)
    {
        int? length = definition.Number("data.length") is >= 1 and var tokens ? (int)tokens : null;
        return Of(definition) is { } count ? Math.Min(count, length ?? count) : length;
    }

    private static int? Count(ReadOnlySpan<char> digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : null;
}
