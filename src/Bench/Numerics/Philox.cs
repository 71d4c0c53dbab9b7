using System.Runtime.CompilerServices;

namespace Bench.Numerics;

/// <summary>
/// Philox4x32-10, a counter-based generator: a keyed bijection of 128-bit counters whose outputs pass every test of TestU01
/// (Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011). The value at a counter needs no other value.
/// </summary>
public static class Philox
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierC = 0xCD9E8D57;
    private const uint WeylLow = 0x9E3779B9;   // the golden ratio
    private const uint WeylHigh = 0xBB67AE85;  // √3 − 1
    private const int Rounds = 10;

    /// <summary>The four 32-bit words at counter (a, b, c, d), a first, under a key of two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint A, uint B, uint C, uint D) Words(uint a, uint b, uint c, uint d, uint keyLow, uint keyHigh)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong left = (ulong)MultiplierA * a;
            ulong right = (ulong)MultiplierC * c;
            (a, b, c, d) = ((uint)(right >> 32) ^ b ^ keyLow, (uint)right, (uint)(left >> 32) ^ d ^ keyHigh, (uint)left);
            keyLow += WeylLow;
            keyHigh += WeylHigh;
        }
        return (a, b, c, d);
    }

    /// <summary>The 128 bits at counter (low, high) under a key, as two words of 64 bits, the lower first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong Low, ulong High) Block(ulong low, ulong high, ulong key)
    {
        var (a, b, c, d) = Words((uint)low, (uint)(low >> 32), (uint)high, (uint)(high >> 32), (uint)key, (uint)(key >> 32));
        return (((ulong)b << 32) | a, ((ulong)d << 32) | c);
    }
}
