using System.Text;
using Bench.Numerics;

namespace Bench.Data;

/// <summary>Llama's tokenizer as llama2.c runs it: a text behind one space, whose neighbouring pieces merge into the piece with the best score until none can.</summary>
/// <param name="pieces">The pieces and their scores.</param>
public sealed class ScoredPieceTokenizer(ScoredPieces pieces) : ITokenizer
{
    private const byte InNoText = 0xFF; // occurs in no UTF-8

    /// <inheritdoc/>
    public string Name => Vocabulary.Name;

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; } = new($"pieces-{pieces.Hash[..16]}", pieces.Count);

    /// <inheritdoc/>
    public bool IsCharacterwise => false;

    /// <summary>The mark that begins a text.</summary>
    public int Separator => ScoredPieces.Begin;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        if (text.Length == 0)
            return [];
        int[] symbols = pieces.Characters(Encoding.UTF8.GetBytes($" {text}"));
        return symbols[..GreedyMerging.Merge(symbols, pieces)];
    }

    /// <summary>The text of words, without the space that encoding puts before it. Bytes that are no UTF-8, and masks, show as U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new List<byte>(4 * tokens.Length);
        foreach (int token in tokens)
        {
            if (Require.Index(token, Vocabulary.Size) < pieces.Count)
                bytes.AddRange(pieces.Bytes(token));
            else
                bytes.Add(InNoText);
        }
        string text = Encoding.UTF8.GetString([.. bytes]);
        return text.StartsWith(' ') ? text[1..] : text;
    }
}
