using Bench.Pretrained.Scorers;
using Bench.Scoring;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Pretrained.Scorers;

public sealed class CausalScorerTests
{
    private const string Long = "abc cab éàb bca 🙂 aab b ca"; // 30 tokens or so, context 8
    private const double Float = 1e-4;
    private readonly PlainLlama plain = new(TinyPieces.All.Length, context: 8);

    [Fact]
    public void A_short_text_has_the_nats_of_its_tokens_behind_the_mark()
    {
        using var scorer = Scorer();
        long[] tokens = [1, .. Tokens("abc b")];
        var found = scorer.Of("abc b");
        Assert.Equal((tokens.Length - 1, 5), (found.Tokens, found.Characters));
        Assert.Equal(Plain.Nats(plain.Logits(tokens), tokens).Sum(), found.Nats, Float);
    }

    [Fact]
    public void A_given_first_token_is_read_and_not_counted()
    {
        using var scorer = Scorer(FirstToken.Given);
        long[] tokens = Tokens("abc b");
        var found = scorer.Of("abc b");
        Assert.Equal(tokens.Length - 1, found.Tokens);
        Assert.Equal(Plain.Nats(plain.Logits(tokens), tokens).Sum(), found.Nats, Float);
    }

    [Theory, InlineData(1), InlineData(3), InlineData(8)]
    public void A_long_text_has_the_nats_of_its_windows(int stride)
    {
        using var scorer = Scorer(stride: stride);
        long[] tokens = [1, .. Tokens(Long)];
        Assert.True(tokens.Length > 20);
        double expected = 0;
        for (int i = 1; i < tokens.Length; i++)
        {
            // Within the first window, all earlier tokens; later, those of the window that i falls into.
            int end = i < 9 ? Math.Min(9, tokens.Length) : Math.Min(tokens.Length, 9 + ((((i - 9) / stride) + 1) * stride));
            long[] seen = tokens[Math.Max(0, end - 9)..i];
            expected -= Math.Log(Plain.Softmax(plain.Logits(seen)[^1])[tokens[i]]);
        }
        Assert.Equal(expected, scorer.Of(Long).Nats, Float);
        Assert.Equal(tokens.Length - 1, scorer.Of(Long).Tokens);
    }

    [Fact]
    public void An_empty_text_costs_nothing()
    {
        using var scorer = Scorer();
        Assert.Equal(new TextLikelihood(0, 0, 0), scorer.Of(""));
        using var given = Scorer(FirstToken.Given);
        Assert.Equal(new TextLikelihood(0, 0, 0), given.Of(""));
    }

    [Fact]
    public void The_protocol_says_vocabulary_windows_and_first_token()
    {
        using var scorer = Scorer(FirstToken.Given);
        Assert.Equal("tiny", scorer.Name);
        Assert.EndsWith("tokens, windows of 8 by 4, first token given", scorer.Protocol, StringComparison.Ordinal);
    }

    private CausalScorer Scorer(FirstToken first = FirstToken.BehindMark, int? stride = null) =>
        PretrainedScorers.Llama2C("tiny", [.. plain.File, .. TinyPieces.File(TinyPieces.All)], first, stride);

    private static long[] Tokens(string text) => [.. TinyPieces.Tokenizer().Encode(text).Select(token => (long)token)];
}
