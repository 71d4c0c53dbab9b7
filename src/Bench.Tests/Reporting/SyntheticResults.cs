using System.Text.Json.Nodes;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Tests.Reporting;

/// <summary>A small results folder with everything a report must cope with, written as a runner writes it.</summary>
internal static class SyntheticResults
{
    public const string Experiment = "likelihood";
    public const string Hash = "3ab857cf092c5660b12864df1ee342a16bd6eb654ae6647f94be2b78593bd9c6";

    public static readonly EnvironmentRecord Place =
        new("0123456789abcdef0123456789abcdef01234567", ".NET 10.0.1", "2.6.0", "cpu", 2, "Debian GNU/Linux 12", "A CPU @ 2.90GHz", 2,
            16384, new(2025, 10, 12, 8, 30, 0, TimeSpan.Zero));

    /// <summary>Three n-grams, AR with two seeds, MDLM, a run that failed and one that was killed.</summary>
    public static void Write(string root, string corpus = "text8")
    {
        var store = new RunStore(root);
        NGram(store, corpus, 1, 4.0935);
        NGram(store, corpus, 2, 3.2932);
        NGram(store, corpus, 3, 2.6003);
        Network(store, corpus, "ar", "AR", "radford2019language", seed: 1, bits: 2.34, error: 0.010, isBound: false);
        Network(store, corpus, "ar", "AR", "radford2019language", seed: 2, bits: 2.36, error: 0.010, isBound: false);
        Network(store, corpus, "mdlm", "MDLM", "Sahoo et al. 2024, arXiv 2406.07524", seed: 1, bits: 2.913, error: 0.0149, isBound: true);

        var failed = Definition(Experiment, corpus, "sedd-absorb", "SEDD & <absorb>_100%", "arXiv:2310.16834", seed: 1);
        using (var run = store.Open(failed))
        {
            run.Begin(failed, Place);
            run.Fail("the loss is NaN at step 312; the last checkpoint is at step 300", 31);
        }

        var killed = Definition(Experiment, corpus, "udlm", "UDLM", "", seed: 1);
        using (var run = store.Open(killed))
            run.Begin(killed, Place with { Device = "cuda:0 NVIDIA H200" });
    }

    public static RunDefinition Definition(string experiment, string corpus, string method, string title, string paper, int seed,
        params (string Key, JsonNode Value)[] model)
    {
        var definition = new JsonObject
        {
            ["experiment"] = experiment,
            ["method"] = method,
            ["title"] = title,
            ["paper"] = paper,
            ["question"] = "How far is a bound from the truth & back?",
            ["seed"] = seed,
            ["data"] = new JsonObject { ["corpus"] = corpus, ["tokenizer"] = "characters", ["length"] = 128, ["hash"] = Hash },
        };
        if (model.Length > 0)
            definition["model"] = new JsonObject(model.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
        return RunDefinition.From(definition);
    }

    public static void Network(
        RunStore store, string corpus, string method, string title, string paper, int seed, double bits, double error, bool isBound,
        string? experiment = null, IEnumerable<(string Key, JsonNode Value)>? model = null,
        IEnumerable<(string Key, JsonNode Value)>? varied = null)
    {
        var definition = Definition(experiment ?? Experiment, corpus, method, title, paper, seed, [.. model ?? []]);
        if (varied is not null)
        {
            var swept = JsonNode.Parse(definition.Canonical)!.AsObject();
            swept["varied"] = new JsonObject(varied.Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key, pair.Value)));
            definition = RunDefinition.From(swept);
        }

        using var run = store.Open(definition);
        run.Begin(definition, Place);
        using (var log = run.Training())
        {
            for (int step = 10; step <= 600; step += 10)
            {
                double loss = Rounded((bits + (2 * Math.Exp(-step / 100.0))) * Math.Log(2));
                log.Append(
                    new TrainingPoint(step, step * 8192L, step * 0.1, loss, 0.5, 1e-3, 81920,
                        step % 200 == 0 ? Rounded(loss / Math.Log(2)) : null));
            }
        }

        var metrics = new List<Metric>
        {
            new(TrainingMetrics.Parameters.Name, Splits.None, Units.None, 821_403),
            new(TrainingMetrics.Speed.Name, Splits.None, Units.TokensPerSecond, 81_920),
            new(TrainingMetrics.WallTime.Name, Splits.None, Units.Seconds, 61 + seed),
            new(TrainingMetrics.Tokens.Name, Splits.None, Units.Tokens, 600 * 8192),
        };
        string protocol = $"128 characters a chunk, 512 chunks, {(isBound ? "8 draws a chunk" : "exact")}";
        foreach (var (split, shift) in ((string, double)[])[(Splits.Validation, -0.01), (Splits.Test, 0)])
        {
            double nats = Rounded((bits + shift) * Math.Log(2));
            metrics.Add(new(LikelihoodMetrics.Likelihood.Name, split, Units.BitsPerCharacter, Rounded(bits + shift), error, 512, protocol));
            metrics.Add(new(LikelihoodMetrics.Nats.Name, split, Units.NatsPerCharacter, nats, Rounded(error * Math.Log(2)), 512, protocol));
            metrics.Add(
                new(
                    LikelihoodMetrics.Perplexity.Name,
                    split,
                    Units.PerplexityPerCharacter,
                    Rounded(Math.Exp(nats)),
                    Rounded(Math.Exp(nats) * error * Math.Log(2)),
                    512,
                    protocol));
            if (!isBound)
                continue;
            metrics.Add(
                new(
                    BoundMetrics.Diffusion.Name,
                    split,
                    Units.NatsPerCharacter,
                    Rounded(nats - 0.0012),
                    Rounded(error * Math.Log(2)),
                    512,
                    protocol));
            metrics.Add(new(BoundMetrics.Prior.Name, split, Units.NatsPerCharacter, 0, null, null, protocol));
            metrics.Add(new(BoundMetrics.Reconstruction.Name, split, Units.NatsPerCharacter, 0.0012, 0.0001, 512, protocol));
        }

        run.Write(metrics);
        run.Write(new Sample("01", $"the {title} of the & <united> states"));
        run.Finish(61 + seed);
    }

    // Processors differ in the last digit of an exponential; golden files must not.
    private static double Rounded(double value) => Math.Round(value, 6);

    private static void NGram(RunStore store, string corpus, int order, double bits)
    {
        var definition = Definition(Experiment, corpus, $"ngram-{order}", $"{order}-gram", "Witten and Bell 1991", seed: 0);
        using var run = store.Open(definition);
        run.Begin(definition, Place);
        const string protocol = "the whole split, exact";
        run.Write((Metric[])
        [
            new(LikelihoodMetrics.Likelihood.Name, Splits.Validation, Units.BitsPerCharacter, Rounded(bits + 0.001), 0.006, 8000, protocol),
            new(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, bits, 0.006, 8000, protocol),
            new(
                LikelihoodMetrics.Perplexity.Name,
                Splits.Test,
                Units.PerplexityPerCharacter,
                Rounded(Math.Pow(2, bits)),
                Rounded(Math.Pow(2, bits) * Math.Log(2) * 0.006),
                8000,
                protocol),
            new(TrainingMetrics.Parameters.Name, Splits.None, Units.None, 27 << (3 * (order - 1))),
            new(TrainingMetrics.WallTime.Name, Splits.None, Units.Seconds, Rounded(0.4 * order)),
        ]);
        run.Finish(Rounded(0.4 * order));
    }
}
