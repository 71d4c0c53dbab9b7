
using Bench.Data.Tokenizers;
using Bench.Numerics;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class ScoredPieceTests
{
    private readonly ScoredPieceTokenizer tokenizer = TinyPieces.Tokenizer();

    [Fact]
    public void A_space_stands_before_a_text_and_goes_when_it_is_read_back()
    {
        Assert.Equal([" ab"], Pieces("ab"));
        Assert.Equal([" ", "b"], Pieces("b"));
        Assert.Equal([" ", " ab"], Pieces(" ab"));
        Assert.Equal(" ab", tokenizer.Decode(tokenizer.Encode(" ab")));
        Assert.Empty(tokenizer.Encode(""));
    }

    [Fact]
    // "ab" twice, then "cab" before " ab", and "abc" loses to both
    public void The_best_score_merges_first() => Assert.Equal([" ab", "cab"], Pieces("abcab"));

    [Fact]
    public void A_character_that_is_no_piece_becomes_its_bytes()
    {
        Assert.Equal([259, 270, 3 + 0xC3, 3 + 0xA0], tokenizer.Encode("éà"));
        Assert.Equal("é\uFFFD", tokenizer.Decode([270, tokenizer.Vocabulary.MaskId]));
    }

    [Fact]
    public void A_file_may_write_bytes_as_characters_which_do_not_hide_the_pieces_of_that_name()
    {
        var pieces = TinyPieces.All.Select((piece, i) => i is >= 3 and < 259 ? ($"{(char)(i - 3)}", 0f) : piece).ToArray();
        var other = new ScoredPieceTokenizer(ScoredPieces.Read(TinyPieces.File(pieces), pieces.Length, "tiny"));
        foreach (string text in new[] { "abcab é", "à\n<0x41>", "ÿ" })
        {
            Assert.Equal(tokenizer.Encode(text), other.Encode(text));
            Assert.Equal(text, other.Decode(other.Encode(text)));
        }
    }

    [Fact]
    public void A_text_that_spells_a_mark_is_no_mark() =>
        Assert.Equal("<0x41>\n<s>\n", tokenizer.Decode(tokenizer.Encode("<0x41>\n<s>\n")));

    [Fact]
    public void Merging_is_llama2_c_s_loop_written_out()
    {
        var random = RandomStream.Root(21);
        for (int example = 0; example < 300; example++)
        {
            string text = string.Concat(Enumerable.Range(0, 40).Select(i => " abcab"[random.Below(6, example, i)]));
            Assert.Equal(Defined(text), Pieces(text));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused()
    {
        byte[] file = TinyPieces.File(TinyPieces.All);
        AssertRefused(file[..^1], TinyPieces.All.Length, "lies beyond the end");
        AssertRefused(file, TinyPieces.All.Length + 1, "lies beyond the end");
        AssertRefused(file, TinyPieces.All.Length - 1, "follow the last");
        AssertRefused([], 1, "lies beyond the end");
        AssertRefused(TinyPieces.File(TinyPieces.Own), TinyPieces.Own.Length, "piece 3 is not <0x00>");

        static void AssertRefused(byte[] bytes, int count, string expected) =>
            Assert.Contains(expected, Assert.Throws<SuiteException>(() => ScoredPieces.Read(bytes, count, "tiny")).Message,
                StringComparison.Ordinal);
    }

    private IEnumerable<string> Pieces(string text) => tokenizer.Encode(text).Select(token => TinyPieces.All[token].Piece);

    // Again and again the leftmost of the neighbours with the best score.
    private static List<string> Defined(string text)
    {
        var scores = TinyPieces.Own.ToDictionary(piece => piece.Piece, piece => piece.Score);
        List<string> pieces = [.. $" {text}".Select(c => $"{c}")];
        while (true)
        {
            int best = -1;
            float score = -1e10f;
            for (int i = 0; i + 1 < pieces.Count; i++)
            {
                if (scores.TryGetValue(pieces[i] + pieces[i + 1], out float found) && found > score)
                    (best, score) = (i, found);
            }
            if (best < 0)
                return pieces;
            pieces[best] += pieces[best + 1];
            pieces.RemoveAt(best + 1);
        }
    }
}
