using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Tests.Reporting;

/// <summary>
/// Runs of the whole table of methods that generated text, as a runner writes them: numbers are of the size that small models have.
/// </summary>
internal static class SyntheticGeneration
{
    public const string Experiment = "quick";

    private static readonly string[] Domains = ["novels", "children", "verse", "drama", "scripture"];

    /// <summary>
    /// Name, title, bits per character, whether that is a bound, and the share of positions that the cache leaves (1 for no cache).
    /// </summary>
    public static readonly (string Method, string Title, double Bits, bool IsBound, double Kept)[] Methods =
    [
        ("ar", "AR (GPT)", 2.001, false, 0.016),
        ("d3pm", "D3PM absorb", 3.12, true, 1),
        ("sedd-absorb", "SEDD absorb", 3.096, true, 1),
        ("sedd-uniform", "SEDD uniform", 3.93, true, 1),
        ("mdlm", "MDLM", 3.11, true, 1),
        ("bd3lm", "BD3-LM", 3.054, true, 0.12),
        ("udlm", "UDLM", 3.31, true, 1),
        ("gidd", "GIDD", 3.36, true, 1),
        ("diffusion-forcing", "Diffusion Forcing", 2.87, false, 0.016),
        ("gamma", "γ-hybrid", 3.45, true, 1),
        ("gamma-shifted", "γ-hybrid, shifted", 3.18, true, 1),
        ("gamma-block", "γ-hybrid, block", 3.2, true, 0.12),
        ("gamma-slide", "γ-hybrid, slide", 3.22, true, 0.13),
        ("gamma-block-slide", "γ-hybrid, block-slide", 3.07, true, 0.12),
        ("epsilon", "ε-hybrid", 3.37, true, 1),
        ("epsilon-shifted", "ε-hybrid, shifted", 3.55, true, 1),
        ("epsilon-block", "ε-hybrid, block", 3.33, true, 0.12),
        ("epsilon-slide", "ε-hybrid, slide", 3.39, true, 0.13),
        ("epsilon-block-slide", "ε-hybrid, block-slide", 3.3, true, 0.12),
    ];

    /// <summary>The first of the methods, a 6-gram, the test text and the scorer.</summary>
    public static void Write(string root, int methods = int.MaxValue)
    {
        var store = new RunStore(root);
        Run(store, Experiment, "ngram-6", "6-gram", Likelihood(1.513, 0.004, isBound: false), []);
        Run(store, Experiment, "text", "Test text", [], Text());
        Run(store, "judge", "ar", "AR scorer", Likelihood(1.62, 0.01, isBound: false)[..2], []); // stored name
        foreach (var (method, title, bits, isBound, kept) in Methods.Take(methods))
            Run(store, Experiment, method, title, Likelihood(bits, 0.01, isBound), [.. Generated(method, bits, kept)]);
    }

    private static RunDefinition Definition(string experiment, string method, string title, int seed) =>
        SyntheticResults.Definition(experiment, "sotu", method, title, "", seed, ("width", JsonValue.Create(64)));

    /// <summary>The definition of a run whose texts are scored by a network, unless it is that network's.</summary>
    public static RunDefinition Scored(string experiment, string method, string title, int seed)
    {
        var definition = Definition(experiment, method, title, seed);
        if (experiment == "judge") // stored name
            return definition;
        var scorer = Definition("judge", "ar", "AR scorer", seed: 1); // stored name
        var scored = JsonNode.Parse(definition.ToString())!;
        scored["judge"] = RunId.Of(scorer, scorer.DataHash); // stored name
        return RunDefinition.From(scored);
    }

    /// <summary>One run with that much in its two files.</summary>
    public static void Run(RunStore store, string experiment, string method, string title, IEnumerable<Metric> metrics,
        IEnumerable<GenerationMetric> generation, int seed = 1)
    {
        var definition = Scored(experiment, method, title, seed);
        using var run = store.Open(definition);
        run.Begin(definition, SyntheticResults.Place);
        run.Write(metrics);
        var rows = generation.ToList();
        if (rows.Count > 0)
            run.WriteGeneration(rows);
        run.Write(new Sample("01", string.Concat(Enumerable.Repeat($"the {title} of the & <united> states ", 12))));
        run.Finish(20);
    }

    /// <summary>What is measured of one setting's texts.</summary>
    public static IEnumerable<GenerationMetric> Quality(GenerationSetting setting, double perplexity, double entropy, double mauve)
    {
        GenerationMetric Of(string name, string scorer, string unit, double value, double? error) => new(
            setting, name, scorer, unit, Rounded(value), error is { } e ? Rounded(e) : null,
            error is { } l ? Rounded(value - (1.8 * l)) : null, error is { } h ? Rounded(value + (2.1 * h)) : null, 64,
            "64 sequences of 128 characters, 1000 resamples, seed 1");
        foreach (var (scorer, factor) in ((string, double)[])[("ngram-6", 1), ("judge-ar", 0.93)]) // stored name
        {
            yield return Of(ScoredText.Perplexity.Name, scorer, Units.PerplexityPerCharacter, perplexity * factor, 0.02 * perplexity);
            yield return Of(
                ScoredText.MeanPerplexity.Name, scorer, Units.PerplexityPerCharacter, perplexity * factor * 1.04, 0.03 * perplexity);
        }

        yield return Of(SampleEntropy.Metric.Name, "", Units.Nats, entropy, 0.009);
        yield return Of(Distinct.Metrics[1].Name, "", Units.None, Math.Min(0.99, (entropy - 1.9) * 1.1), 0.006);
        yield return Of(Repetition.Metric.Name, "", Units.None, Math.Max(0, (2.65 - entropy) / 6), 0.003);
        yield return Of(SelfBleu.Metric.Name, "", Units.None, 0.9 - (0.2 * entropy), 0.008);
        yield return Of(ScoredText.Mauve.Name, "judge-ar", Units.None, mauve, 0.03); // stored name
        yield return Of(KnownWords.Metric.Name, "", Units.None, Math.Clamp(1.1 - (perplexity / 40), 0.05, 0.99), 0.01);
    }

    private static List<Metric> Likelihood(double bits, double error, bool isBound)
    {
        const string protocol = "512 of 8264 chunks of 128 characters";
        List<Metric> metrics =
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Validation, Units.BitsPerCharacter, Rounded(bits + 0.003), error, 512, protocol),
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits, error, 512, protocol),
            .. Domains.Select(
                (domain, i) => new Metric(
                    LikelihoodMetrics.Likelihood.Name,
                    domain,
                    Units.BitsPerCharacter,
                    Rounded(bits + 0.2 + (0.11 * i)),
                    Rounded(error * 1.3),
                    256,
                    "256 chunks of 128 characters")),
        ];
        if (isBound)
            metrics.AddRange(
                Domains.Prepend(Splits.Test).Prepend(Splits.Validation).Select(
                    split => new Metric(
                        BoundMetrics.Diffusion.Name,
                        split,
                        Units.NatsPerCharacter,
                        Rounded((bits - 0.01) * Math.Log(2)),
                        0.01,
                        512,
                        protocol)));
        return metrics;
    }

    private static IEnumerable<GenerationMetric> Text() => Quality(new("none", 0, Batch: 64), 3.1, 2.742, 0.96);

    private static List<GenerationMetric> Generated(string method, double bits, double kept)
    {
        // Numbers that differ from method to method, and are the same every time.
        double own = ((method.Sum(letter => letter) * 37) % 100) / 100.0;
        int steps = method is "ar" or "diffusion-forcing" ? 128 : 64;
        var main = new GenerationSetting("ancestral", steps, Cached: kept < 1, Batch: 16);
        double perplexity = Math.Pow(2, bits) * (1.3 + (0.2 * own)), entropy = 2.72 + (0.05 * own),
            mauve = Math.Clamp(1.5 - (bits / 3.3), 0.02, 0.97);
        List<GenerationMetric> rows = [.. Quality(main, perplexity, entropy, mauve), .. Speeds(main, kept, own)];

        foreach (double temperature in (double[])[0.5, 0.7, 0.85, 1.2])
            rows.AddRange(
                Quality(main with { Temperature = temperature }, perplexity * Math.Pow(temperature, 1.3 + own),
                    entropy * Math.Pow(temperature, 0.25 + (0.2 * own)), mauve * Math.Min(1, temperature)));

        if (steps == 64)
        {
            foreach (int fewer in (int[])[16, 32, 128])
                rows.AddRange(Sweep(main with { Steps = fewer }, perplexity, entropy, mauve, kept, own));
        }

        if (method is "mdlm")
        {
            foreach (int other in (int[])[16, 64, 128])
                rows.AddRange(
                    Sweep(main with { Sampler = "ReMDM, cap 0.02", Steps = other }, perplexity * 0.8, entropy - 0.03, mauve, kept, own));
        }

        if (method.StartsWith("epsilon", StringComparison.Ordinal))
        {
            foreach (int other in (int[])[16, 32, 64, 128])
                rows.AddRange(
                    Sweep(main with { Sampler = "ACS 0.25", Steps = other }, perplexity * 0.6, entropy - 0.11, mauve * 1.1, kept, own));
            foreach (double eta in (double[])[0.05, 0.1, 0.5])
                rows.AddRange(
                    Quality(main with { Sampler = string.Create(CultureInfo.InvariantCulture, $"ACS {eta}") },
                        perplexity * Math.Exp(-2 * eta), entropy - (0.4 * eta), mauve));
        }

        foreach (bool cached in kept < 1 ? (bool[])[false, true] : [false])
        {
            foreach (int batch in (int[])[1, 16])
            {
                var setting = main with { Cached = cached, Batch = batch };
                if (setting != main)
                    rows.AddRange(Speeds(setting, kept, own));
            }
        }

        return rows;
    }

    private static IEnumerable<GenerationMetric> Sweep(GenerationSetting setting, double perplexity, double entropy, double mauve,
        double kept, double own)
    {
        double worse = 1 + (6.0 / setting.Steps);
        return [.. Quality(setting, perplexity * worse, entropy + (0.5 / setting.Steps), mauve / worse), .. Speeds(setting, kept, own)];
    }

    private static IEnumerable<GenerationMetric> Speeds(GenerationSetting setting, double kept, double own)
    {
        double tokens = setting.Steps * (setting.Cached ? kept : 1),
            speed = 40_000 / Math.Pow(tokens, 0.85) * (0.8 + (0.4 * own)) * Math.Pow(setting.Batch, 0.3);
        GenerationMetric Of(string name, string unit, double value, double? error = null) =>
            new(setting, name, "", unit, Rounded(value), error is { } e ? Rounded(e) : null, Count: 3,
                Protocol: "one warm-up, 3 repeats, one thread");
        return
        [
            Of(GenerationCosts.NetworkCalls.Name, Units.None, setting.Steps),
            Of(GenerationCosts.NetworkTokens.Name, Units.None, tokens),
            Of(GenerationCosts.TokensPerSecond.Name, Units.TokensPerSecond, speed, 0.03 * speed),
            Of(GenerationCosts.SequencesPerSecond.Name, Units.None, speed / 128, 0.03 * speed / 128),
            Of(GenerationCosts.FirstToken.Name, Units.Seconds, 32 * setting.Batch / speed, setting.Batch / speed),
            Of(GenerationCosts.PeakMemory.Name, Units.Mebibytes, 512 + (3 * setting.Batch)),
            .. setting.Cached ? [Of(GenerationCosts.CacheMemory.Name, Units.Mebibytes, 0.125 * setting.Batch)] : (GenerationMetric[])[],
        ];
    }

    // Processors differ in the last digit of an exponential; golden files must not.
    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, 5) : value;
}
