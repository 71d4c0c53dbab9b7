using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Tests.Reporting.Regression;

/// <summary>Runs of three methods with several seeds, as a runner writes them.</summary>
internal static class GuardedResults
{
    private static readonly GenerationSetting Setting = new("ancestral", 32, Cached: true, Batch: 16);

    /// <summary>Two networks and an n-gram.</summary>
    /// <param name="root">The results folder.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="worse">Bits that MDLM is worse by.</param>
    /// <param name="calls">Calls of its network.</param>
    /// <param name="failed">Whether AR failed.</param>
    public static void Write(string root, int seeds, double worse = 0, int calls = 32, bool failed = false)
    {
        var store = new RunStore(root);
        for (int seed = 1; seed <= seeds; seed++)
        {
            double moved = 0.01 * (((seed * 7) % 5) - 2);
            SyntheticGeneration.Run(store, "smoke", "ngram-2", "2-gram", Metrics(1.25), [], seed);
            SyntheticGeneration.Run(store, "smoke", "mdlm", "MDLM", Metrics(1.5 + moved + worse),
                Generation(2.5 + moved + worse, 1.9 - moved, calls), seed);
            if (failed)
                Fail(store, seed);
            else
                SyntheticGeneration.Run(store, "smoke", "ar", "AR (GPT)", Metrics(1.24 + (moved / 10)),
                    Generation(2.1 + moved, 1.95 + moved, 32), seed);
        }
    }

    /// <summary>A run of AR that failed.</summary>
    public static void Fail(RunStore store, int seed)
    {
        var definition = SyntheticGeneration.Scored("smoke", "ar", "AR (GPT)", seed);
        using var run = store.Open(definition);
        run.Begin(definition, SyntheticResults.Place);
        run.Fail("training diverged at step 12 & the loss is <NaN>\u0001", 3);
    }

    private static IEnumerable<Metric> Metrics(double bits) =>
    [
        new(LikelihoodMetrics.Likelihood.Name, Splits.Validation, Units.BitsPerCharacter, bits - 0.02, 0.01, 256, ""),
        new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits, 0.01, 256, ""),
        new(TrainingMetrics.Tokens.Name, Splits.None, Units.Tokens, 256_000),
        new(TrainingMetrics.Speed.Name, Splits.None, Units.TokensPerSecond, 1000 * bits),
    ];

    private static IEnumerable<GenerationMetric> Generation(double perplexity, double entropy, int calls) =>
    [
        new(Setting, ScoredText.Perplexity.Name, "ngram-6", Units.PerplexityPerCharacter, 9),
        new(Setting, ScoredText.Perplexity.Name, "truth", Units.PerplexityPerCharacter, perplexity),
        new(Setting, SampleEntropy.Metric.Name, "", Units.Nats, entropy),
        new(Setting with { Temperature = 0.7 }, SampleEntropy.Metric.Name, "", Units.Nats, entropy - 0.3),
        new(Setting, GenerationCosts.NetworkCalls.Name, "", Units.None, calls),
        new(Setting with { Cached = false }, GenerationCosts.NetworkCalls.Name, "", Units.None, calls),
        new(Setting with { Batch = 1 }, GenerationCosts.NetworkCalls.Name, "", Units.None, calls),
        new(Setting, GenerationCosts.TokensPerSecond.Name, "", Units.TokensPerSecond, 1234),
    ];
}
