using System.Text;
using Bench.Data.Tokenizers;

namespace Bench.Tests.Data;

/// <summary>A tokenizer file of llama2.c with a few pieces: three marks, 256 bytes, the space, letters, and what they merge into.</summary>
internal static class TinyPieces
{
    public static readonly (string Piece, float Score)[] Own =
    [
        (" ", -9), ("a", -8), ("b", -7), ("c", -9), ("ab", -1), ("bc", -2), (" a", -3), ("abc", -6), ("aa", -4), ("cab", -0.5f),
        (" ab", -2), ("é", -5), ("bb", -4), ("aab", -4),
    ];

    public static readonly (string Piece, float Score)[] All =
        [("<unk>", 0), ("\n<s>\n", 0), ("\n</s>\n", 0), .. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f)), .. Own];

    public static byte[] File(IEnumerable<(string Piece, float Score)> pieces) =>
        [.. BitConverter.GetBytes(6),
            .. pieces.SelectMany(
                piece => (byte[])[.. BitConverter.GetBytes(piece.Score), .. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(piece.Piece)),
                    .. Encoding.UTF8.GetBytes(piece.Piece)])];

    public static ScoredPieceTokenizer Tokenizer() => new(ScoredPieces.Read(File(All), All.Length, "tiny"));
}
