using Bench.Numerics;

namespace Bench.Data;

/// <summary>The symbols of a text: tokens 0 .. TokenCount − 1, and one more, the mask, that occurs in no text.</summary>
/// <param name="Name">Names the vocabulary in token files and reports.</param>
/// <param name="TokenCount">How many symbols a text is made of.</param>
public sealed record Vocabulary(string Name, int TokenCount)
{
    /// <summary>Names the vocabulary in token files and reports.</summary>
    public string Name { get; } = Require.NotBlank(Name);

    /// <summary>V: how many symbols a text is made of.</summary>
    public int TokenCount { get; } = Require.Positive(TokenCount);

    /// <summary>The mask: the first number that is not a token.</summary>
    public int MaskId => TokenCount;

    /// <summary>V + 1: the symbols that a model embeds, tokens and mask.</summary>
    public int Size => TokenCount + 1;
}
