using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Bench.Numerics;

/// <summary>
/// Random numbers addressed by (example, draw) instead of taken in turn: the value at an address is a pure function of the root seed, the
/// splits that led to this stream and the address. It depends neither on batch size nor on thread, device, restart or the order of calls.
/// </summary>
/// <param name="Key">What the seed and the splits were mixed into.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of random numbers, not of bytes: the field's term.")]
public readonly record struct RandomStream(ulong Key)
{
    private const double TwoToMinus53 = 1.0 / (1L << 53);

    /// <summary>The stream that all others of a run are split from.</summary>
    public static RandomStream Root(ulong seed) => new(seed);

    /// <summary>An independent stream for a purpose, such as "corruption" or "shuffle".</summary>
    public RandomStream Split(string name)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Require.NotBlank(name)), digest);
        return Split(BinaryPrimitives.ReadUInt64LittleEndian(digest));
    }

    /// <summary>An independent stream per index, such as an epoch or a step. Different indices of one stream never share a key.</summary>
    public RandomStream Split(ulong index) => new(Mix(Key ^ Mix(index + 0x9E3779B97F4A7C15)));

    /// <summary>64 random bits.</summary>
    public ulong Bits(long example, long draw)
    {
        var (low, high) = Philox.Block((ulong)draw >> 1, (ulong)example, Key);
        return (draw & 1) == 0 ? low : high;
    }

    /// <summary>
    /// A uniform number in the open interval (0, 1): an odd multiple of 2⁻⁵³, so that u and 1 − u are both exact, neither 0 nor 1, and the
    /// mean is 1/2.
    /// </summary>
    public double Uniform(long example, long draw) => ToUnitInterval(Bits(example, draw));

    /// <summary>The uniform numbers of draws <paramref name="firstDraw"/>, <paramref name="firstDraw"/> + 1, ... of an example.</summary>
    public void Fill(long example, Span<double> into, long firstDraw = 0)
    {
        int i = 0;
        if ((firstDraw & 1) != 0 && into.Length > 0)
            into[i++] = Uniform(example, firstDraw);
        ulong block = (ulong)(firstDraw + i) >> 1;
        for (; i + 1 < into.Length; i += 2, block++)
        {
            var (low, high) = Philox.Block(block, (ulong)example, Key);
            into[i] = ToUnitInterval(low);
            into[i + 1] = ToUnitInterval(high);
        }
        if (i < into.Length)
            into[i] = Uniform(example, firstDraw + i);
    }

    /// <summary>Standard normal numbers (Box and Muller 1958); the i-th uses the uniform draws 2i and 2i + 1 of the example.</summary>
    public void FillNormal(long example, Span<double> into)
    {
        for (int i = 0; i < into.Length; i++)
        {
            var (radius, angle) = Philox.Block((ulong)i, (ulong)example, Key);
            into[i] = Math.Sqrt(-2 * Math.Log(ToUnitInterval(radius))) * Math.Cos(2 * Math.PI * ToUnitInterval(angle));
        }
    }

    /// <summary>A whole number in [0, <paramref name="count"/>). Its bias is below count/2⁶⁴.</summary>
    public int Below(int count, long example, long draw) =>
        (int)Math.BigMul(Bits(example, draw), (ulong)Require.Positive(count), out _);

    /// <summary>A uniformly drawn order of 0 .. n − 1 (Fisher and Yates).</summary>
    public int[] Permutation(int n, long example)
    {
        var order = new int[Require.NonNegative(n)];
        for (int i = 0; i < n; i++)
        {
            int j = Below(i + 1, example, i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToUnitInterval(ulong bits) => (long)((bits >> 11) | 1) * TwoToMinus53;

    // A bijection of 64 bits in which every input bit flips half of the output bits (Stafford's variant 13 of the MurmurHash3 finaliser).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

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
