using Bench.Results;

namespace Bench.Data.Tokenizers;

/// <summary>The tokens of an artificial source, written as their numbers with a space between two: "3 0 12". A mask is written _.</summary>
public sealed class NumberedSymbols(Vocabulary vocabulary) : ITokenizer
{
    /// <inheritdoc/>
    public string Name => vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary => vocabulary;

    /// <inheritdoc/>
    public bool IsCharacterwise => true;

    /// <inheritdoc/>
    public int Separator => 0;

    /// <inheritdoc/>
    public int[] Encode(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(number =>
            int.TryParse(number, out int token) && token >= 0 && token < vocabulary.TokenCount
                ? token
                : throw new SuiteException($"'{number}' is no symbol of {Name}",
                    $"Its symbols are the numbers 0 to {vocabulary.TokenCount - 1}."))];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> tokens) =>
        string.Join(' ', tokens.ToArray().Select(token => token == vocabulary.MaskId ? "_" : $"{token}"));
}
