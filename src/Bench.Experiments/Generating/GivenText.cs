using System.Collections.Immutable;
using System.Text;
using Bench.Data;
using Bench.Results;

namespace Bench.Experiments.Generating;

/// <summary>
/// Text that somebody typed, in the words of a vocabulary: normalised as the corpus is, but for gaps, and for spaces at its end. Where a word is a piece of text with its
/// space in front, as among byte pairs, the last space before a gap or the end is left to the word that comes there.
/// </summary>
public static class GivenText
{
    /// <summary>What stands for a word that is to be found.</summary>
    public const char Gap = '_';

    /// <summary>The words of a text; null is a gap.</summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="gaps">Whether underscores are gaps. Otherwise they are punctuation.</param>
    /// <exception cref="SuiteException">The vocabulary cannot say it.</exception>
    public static ImmutableArray<int?> Words(ITokenizer tokenizer, string text, bool gaps)
    {
        var words = ImmutableArray.CreateBuilder<int?>();
        foreach (var (i, piece) in (gaps ? text.Split(Gap) : [text]).Index())
        {
            if (i > 0)
                words.Add(null);
            words.AddRange(Piece(tokenizer, piece, inside: i > 0).Select(word => (int?)word));
        }

        return words.ToImmutable();
    }

    /// <summary>
    /// The words of a piece of text. Of an alphabet it is encoded between two other words, which are then taken away: so spaces at its ends survive as one. Byte pairs would merge
    /// with them, and lose no space.
    /// </summary>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="inside">Whether something stands before it; else a space in front means nothing.</param>
    /// <exception cref="SuiteException">The vocabulary cannot say it.</exception>
    public static int[] Piece(ITokenizer tokenizer, string text, bool inside)
    {
        if (!tokenizer.IsCharacterwise)
            return tokenizer.Encode(text.EndsWith(' ') ? text[..^1] : text);
        foreach (var rune in text.EnumerateRunes().Where(rune => Rune.IsLetterOrDigit(rune) && rune.Value >= 128))
        {
            if (tokenizer.Encode(rune.ToString()).Length == 0)
                throw new SuiteException($"'{rune}' is not in the vocabulary {tokenizer.Vocabulary.Name}", "Write it with letters from a to z.");
        }

        string word = tokenizer.Decode([1]), pair = tokenizer.Decode([1, 1]);
        string space = pair[word.Length..^word.Length]; // what stands between words; nothing, where a word is a character
        int[] words = tokenizer.Encode((inside ? word + space : "") + text + space + word);
        return words[(inside ? 1 : 0)..^1];
    }
}
