using System.Text;
using Bench.Data.Corpora;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class Utf8ReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("é€\U0001F600 mixed")]
    public void Valid_text_is_read_as_it_is(string text) => Assert.Equal(text, Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Characters_that_straddle_the_buffer_or_arrive_byte_by_byte_are_whole()
    {
        string text = "x" + string.Concat(Enumerable.Repeat("€\U0001F600é", 30_000));
        var bytes = Encoding.UTF8.GetBytes(text);

        Assert.Equal(text, Read(bytes));
        using var slow = new Utf8Reader(new OneByteAtATime(bytes[..1000]), "slow.txt");
        Assert.Equal(text[..333], slow.ReadToEnd()[..333]);
    }

    [Fact]
    public void A_byte_order_mark_at_the_start_is_no_character()
    {
        Assert.Equal("a\uFEFFb", Read([0xEF, 0xBB, 0xBF, (byte)'a', 0xEF, 0xBB, 0xBF, (byte)'b']));
        Assert.Equal("", Read([0xEF, 0xBB, 0xBF]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(65_535)]
    [InlineData(200_000)]
    public void The_first_byte_that_is_not_UTF8_is_named_with_its_offset(int offset)
    {
        var bytes = new byte[offset + 10];
        Array.Fill(bytes, (byte)'a');
        bytes[offset] = 0xE9;

        var error = Assert.Throws<SuiteException>(() => Read(bytes));
        Assert.Equal($"text.txt: byte 0xE9 at offset {offset} is not UTF-8", error.Message);
        Assert.Contains("iconv", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_ends_inside_a_character_is_not_UTF8()
    {
        var error = Assert.Throws<SuiteException>(() => Read([(byte)'a', 0xE2, 0x82]));
        Assert.Contains("0xE2 at offset 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_and_peeking_a_character_at_a_time_give_the_text()
    {
        using var reader = new Utf8Reader(new MemoryStream("aé"u8.ToArray()), "text.txt");
        Assert.Equal(['a', 'a', 'é', 'é', -1, -1],
            new[] { reader.Peek(), reader.Read(), reader.Peek(), reader.Read(), reader.Peek(), reader.Read() });
    }

    private static string Read(byte[] bytes)
    {
        using var reader = new Utf8Reader(new MemoryStream(bytes), "text.txt");
        return reader.ReadToEnd();
    }

    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(1, buffer.Length)]);
    }
}
