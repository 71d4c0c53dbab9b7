using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Numerics;

public sealed class PhiloxTests
{
    /// <summary>The known answers that Random123 ships for philox4x32-10 (kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, "6627e8d5 e169c58d bc57ac4c 9b00dbd8")]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, "408f276d 41c83b0e a20bc7c6 6d5451fd")]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, "d16cfe09 94fdcceb 5001e420 24126ea1")]
    public void Philox_gives_the_known_answers_of_Random123(uint a, uint b, uint c, uint d, uint keyLow, uint keyHigh, string expected)
    {
        var words = Philox.Words(a, b, c, d, keyLow, keyHigh);

        Assert.Equal(expected, $"{words.A:x8} {words.B:x8} {words.C:x8} {words.D:x8}");
    }

    [Fact]
    public void A_block_is_the_four_words_in_little_endian_order()
    {
        var (low, high) = Philox.Block(0x85a308d3_243f6a88, 0x03707344_13198a2e, 0x299f31d0_a4093822);

        Assert.Equal((0x94fdcceb_d16cfe09UL, 0x24126ea1_5001e420UL), (low, high));
    }
}
