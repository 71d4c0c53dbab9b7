
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Metrics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Scoring;
using Bench.Tasks;

namespace Bench.Experiments.Running;

/// <summary>
/// Everything that is generated with a network: the run's samples, and samples at other temperatures, numbers of steps, samplers and batch
/// sizes.
/// </summary>
/// <param name="method">The row.</param>
/// <param name="context">The run.</param>
/// <param name="network">The trained network.</param>
internal sealed class GenerationStudy(NetworkMethod method, RunContext context, IDenoiser network)
{
    private readonly GenerationQuality quality = context.ScorerSet.Quality(context.Random.Split("quality"));
    private readonly GenerationRequest request = context.Task.Request(
        new EvaluationChunks(context.Data.Test, context.Spec.Data.Length, context.Spec.Sampling.Count), context.Spec.Sampling.Count);

    /// <summary>The samples of the run, and all rows of <c>generation.csv</c>, the main setting's first.</summary>
    public (Generation Main, List<GenerationMetric> Rows) Carry()
    {
        var ways = GenerationWay.Scored(method, context.Spec);
        var speeds = GenerationWay.Timed(method, context.Spec);
        var timed = speeds.Select(way => way.Setting).ToHashSet();
        double all = ways.Length + speeds.Length;
        var rows = new List<GenerationMetric>();
        Generation? main = null;
        foreach (var (i, way) in ways.Index())
        {
            context.Stage("sampling", i / all);
            var (generator, setting) = (Make(way), way.Setting);
            var generation = generator.Generate(way.Batch, context.Random.Split("samples"), stop: context.Stop);
            main ??= generation;
            rows.AddRange(
                quality.Of(setting, [.. generation.Sequences.Select(sequence => GeneratedText.Of(sequence, context.Data.Tokenizer))],
                    context.Stop));
            rows.AddRange(context.Task.Evaluate(setting, request, generation.Sequences, context.Random.Split("task")));
            if (!timed.Contains(setting))
                rows.AddRange(SpeedRows.Of(setting, [generation], "one generation"));
        }

        foreach (var (i, way) in speeds.Index())
        {
            context.Stage("sampling", (ways.Length + i) / all);
            rows.AddRange(SpeedRows.Measure(Make(way), way.Setting, context.Random.Split("speed"), context.Stop));
        }

        context.Stage("sampling", 1);
        return (main!, rows);
    }

    private Generator Make(GenerationWay way) =>
        new(network, way.Setup, way.Sampler, TorchEnvironment.Device)
        {
            Decoding = new DecodingOptions(way.Temperature),
            Caches = way.Caches,
            Prompt = request.Prompt,
        };
}
