using System.Numerics;
using System.Runtime.InteropServices;

namespace Bench.Data.Tokens;

/// <summary>How tokens are laid out in bytes: little-endian, 1, 2 or 4 bytes each, as few as the vocabulary allows.</summary>
internal static class TokenWidth
{
    public static int Of(Vocabulary vocabulary) => vocabulary.TokenCount switch
    {
        <= 1 << 8 => 1,
        <= 1 << 16 => 2,
        _ => 4,
    };

    public static void Pack(ReadOnlySpan<int> tokens, Span<byte> bytes, int width)
    {
        switch (width)
        {
            case 1:
                Convert<int, byte>(tokens, bytes);
                break;
            case 2:
                Convert(tokens, MemoryMarshal.Cast<byte, ushort>(bytes));
                break;
            default:
                Convert(tokens, MemoryMarshal.Cast<byte, int>(bytes));
                break;
        }
    }

    public static void Unpack<T>(ReadOnlySpan<byte> bytes, Span<T> tokens, int width)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (width)
        {
            case 1:
                Convert(bytes, tokens);
                break;
            case 2:
                Convert(MemoryMarshal.Cast<byte, ushort>(bytes), tokens);
                break;
            default:
                Convert(MemoryMarshal.Cast<byte, int>(bytes), tokens);
                break;
        }
    }

    private static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = TTo.CreateTruncating(from[i]);
    }
}
