
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(2), InlineData(256), InlineData(257), InlineData(65_536), InlineData(65_537), InlineData(int.MaxValue)]
    public void Written_tokens_are_read_back_in_any_width(int tokenCount)
    {
        var vocabulary = new Vocabulary("någon", tokenCount);
        int[] tokens = [0, tokenCount - 1, 1, tokenCount / 2];
        using var file = Write(vocabulary, tokens);

        Assert.Equal(vocabulary, file.Vocabulary);
        Assert.Equal(tokens, ((ITokens)file).ToArray());
        var slice = new long[2];
        file.CopyTo(1, slice);
        Assert.Equal([tokenCount - 1, 1], slice);
        using var inMemory = new TokenArray(vocabulary, tokens);
        Assert.Equal(inMemory.Hash, file.Hash);
    }

    [Fact]
    public void A_text_without_tokens_has_a_file_too()
    {
        using var file = Write(new("v", 27), []);
        Assert.Equal(0, file.Count);
    }

    [Fact]
    public void Reading_beyond_the_end_is_an_error()
    {
        using var file = Write(new("v", 27), [1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo(2, new int[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo(-1, new long[1]));
    }

    [Fact]
    public void One_changed_bit_anywhere_is_detected()
    {
        Write(new("v", 27), [.. Enumerable.Range(0, 100).Select(i => i % 27)]).Dispose();
        var whole = File.ReadAllBytes(Path);
        foreach (int at in new[] { 0, 8, 17, 30, 256, 300, whole.Length - 1 })
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 4;
            File.WriteAllBytes(Path, damaged);
            var error = Assert.Throws<SuiteException>(() => TokenFile.Open(Path));
            Assert.Contains(Path, error.Message, StringComparison.Ordinal);
            Assert.Null(TokenFile.TryOpen(Path, new("v", 27), "made from this"));
        }
    }

    [Theory, InlineData(0), InlineData(100), InlineData(256), InlineData(355)]
    public void A_file_that_was_cut_short_is_detected(int length)
    {
        Write(new("v", 27), new int[100]).Dispose();
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..length]);

        Assert.Throws<SuiteException>(() => TokenFile.Open(Path));
    }

    [Fact]
    public void Tokens_of_another_text_or_vocabulary_are_not_used()
    {
        Write(new("v", 27), [1]).Dispose();

        TokenFile.TryOpen(Path, new("v", 27), "made from this")!.Dispose();
        Assert.Null(TokenFile.TryOpen(Path, new("v", 27), "made from that"));
        Assert.Null(TokenFile.TryOpen(Path, new("w", 27), "made from this"));
        Assert.Null(TokenFile.TryOpen(folder["absent.tok"], new("v", 27), "made from this"));
    }

    [Fact]
    public void A_writer_that_is_not_committed_leaves_nothing_and_keeps_the_file_before()
    {
        Write(new("v", 27), [1]).Dispose();
        using (var writer = new TokenFileWriter(Path, new("v", 27), "made from this"))
            writer.Write([2, 3]);

        using var file = TokenFile.Open(Path);
        Assert.Equal(1, file.Count);
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_number_outside_the_vocabulary_is_not_written()
    {
        using var writer = new TokenFileWriter(Path, new("v", 27), "made from this");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write([27]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write([-1]));
    }

    private string Path => folder["text.tok"];

    private TokenFile Write(Vocabulary vocabulary, int[] tokens)
    {
        using (var writer = new TokenFileWriter(Path, vocabulary, "made from this"))
        {
            writer.Write(tokens.AsSpan(0, tokens.Length / 2));
            writer.Write(tokens.AsSpan(tokens.Length / 2));
            writer.Commit();
        }
        return TokenFile.Open(Path);
    }
}
