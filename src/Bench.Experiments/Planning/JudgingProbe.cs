using Bench.Data;
using Bench.Evaluation;
using Bench.Evaluation.Divergence;
using Bench.Evaluation.Judging;
using Bench.Evaluation.Quality;
using Bench.Experiments.Running;
using Bench.Methods;
using Bench.Models;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;

namespace Bench.Experiments.Planning;

/// <summary>Times how texts are judged, on real ones and with an untrained judging network: both take as long as others do.</summary>
/// <param name="clock">Measures.</param>
internal sealed class JudgingProbe(TimeProvider clock)
{
    private const int Order = 6, MostTexts = 64, Counted = 1 << 16;

    /// <summary>Seconds to judge the texts of one setting, and seconds to count n-grams, for each token and order.</summary>
    public (double Setting, double Counting) Of(RunSpec spec, Dataset data)
    {
        int[] tokens = new int[(int)Math.Min(Counted, data.Train.Count)];
        data.Train.CopyTo(0, tokens);
        WittenBell.Fit(tokens.AsSpan(0, tokens.Length / 8), data.Vocabulary.Words, Order); // warm
        long start = clock.GetTimestamp();
        var counts = WittenBell.Fit(tokens, data.Vocabulary.Words, Order);
        double counting = clock.GetElapsedTime(start).TotalSeconds / tokens.Length / Order;
        return spec.Sampling.Count == 0 ? (0, counting) : (Judge(spec, data, counts), counting);
    }

    private double Judge(RunSpec spec, Dataset data, WittenBell counts)
    {
        var chunks = new EvaluationChunks(data.Test, spec.Data.Length, Math.Min(MostTexts, spec.Sampling.Count));
        GeneratedText[] texts = [.. Enumerable.Range(0, chunks.Count).Select(i => GeneratedText.Of(chunks.Read(i), data.Tokenizer))];
        var random = RandomStream.Root(spec.Seed);
        using var network = spec.Judge is { Method: NetworkMethod method, Model: { } model } ? new Ddit(model.Shape(data.Vocabulary, method.View), random.Split("judge")) : null;
        network?.eval();
        var device = TorchEnvironment.Device;
        int mask = data.Vocabulary.MaskId;
        var quality = new GenerationQuality(random.Split("quality"))
        {
            Judges = [new NGramJudge(counts), .. network is null ? [] : new[] { new NetworkJudge("judge", network, new NextToken(mask), device) }],
            Vocabulary = data.Tokenizer is NumberedSymbols ? null : texts.SelectMany(text => text.Words).ToHashSet(),
            Reference = network is null ? null : new MauveReference(new NetworkFeatures("judge", network, mask, device), texts),
        };
        Once(quality, texts); // warm, and the reference's features are computed once for all
        long start = clock.GetTimestamp();
        Once(quality, texts);
        return clock.GetElapsedTime(start).TotalSeconds * spec.Sampling.Count / texts.Length;
    }

    private static void Once(GenerationQuality quality, GeneratedText[] texts) => quality.Of(new GenerationSetting("none", Steps: 0), texts);
}
