using System.Collections.Immutable;
using System.Globalization;

namespace Bench.Data.Tokenizers;

/// <summary>The tokenizers that read texts, by the names that definitions give them.</summary>
public static class TextTokenizers
{
    /// <summary>How vocabularies that are cut short are written, with N tokens (<see cref="BytePairTokenizer.OfSize"/>).</summary>
    public const string Sizes = "gpt2-N";

    private const string Prefix = "gpt2-";

    /// <summary>Those that have one size, the usual one first.</summary>
    public static ImmutableArray<ITokenizer> Usual { get; } = [Alphabet27.Instance, BytePairTokenizer.Gpt2, WithPadding.Gpt2];

    /// <summary>Names to choose from, as messages list them.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Usual.Select(tokenizer => tokenizer.Name), Sizes];

    /// <summary>The tokenizer of a name; null where there is none.</summary>
    public static ITokenizer? Find(string name) =>
        Usual.FirstOrDefault(tokenizer => tokenizer.Name == name) ?? (Size(name) is { } size ? BytePairTokenizer.OfSize(size) : null);

    /// <summary>Why a name of the form gpt2-N names no tokenizer; null where it names one, or is of another form.</summary>
    public static string? Refusal(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length && name[Prefix.Length..].All(char.IsAsciiDigit)
            && Size(name) is null
        ? $"{Sizes} has N tokens: the 256 bytes, the first N - {BytePairTokenizer.LeastTokens} merges of GPT-2 and the end mark; "
            + $"N is written without leading zeros and lies in [{BytePairTokenizer.LeastTokens}, {BytePairTokenizer.MostTokens}]"
        : null;

    // As numbers are written: one size has one name.
    private static int? Size(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int size)
            && size is >= BytePairTokenizer.LeastTokens and <= BytePairTokenizer.MostTokens && name[Prefix.Length] != '0'
        ? size
        : null;
}
