using Bench.Objectives;
using Bench.Results.Metrics;
using Bench.Scoring;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Sequences that a file gives with the logits of a scorer: position i predicts what follows token i.</summary>
internal static class ScoredTokens
{
    public static int[][] Sequences(GoldenCase golden, string input = "tokens") =>
        [.. golden.Inputs.GetProperty(input).EnumerateArray()
            .Select(row => Array.ConvertAll(GoldenCase.Integers(row), token => (int)token))];

    public static TextLikelihood[] Of(GoldenCase golden, CountedTokens counted)
    {
        var logits = GoldenCase.Real(golden.Inputs.GetProperty("logits")); // [B, L, V]
        int length = (int)logits.size(1), tokenCount = (int)logits.size(2);
        // After a first position without a prediction; the prediction after the last token is not needed.
        var network = new FixedLogits(cat([zeros_like(logits.narrow(1, 0, 1)), logits.narrow(1, 0, length - 1)], 1), maskId: tokenCount);
        GeneratedText[] texts = [.. Sequences(golden).Select(tokens => new GeneratedText(tokens, "", tokens.Length))];
        return new NetworkScorer("golden", network, new NextToken(tokenCount), CPU, counted, rows: texts.Length).Of(texts);
    }
}
