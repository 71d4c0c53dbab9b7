using System.Collections.Immutable;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Guidance;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Scoring;
using Bench.Tasks;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>What a run's task measures of its network: likelihoods, and all that is generated.</summary>
/// <param name="method">The row.</param>
/// <param name="context">The run.</param>
/// <param name="network">The network, which is trained by the time that something is asked.</param>
/// <param name="objective">Whose bound is measured.</param>
/// <param name="remarks">Of protocols: how the network came to be.</param>
internal sealed class NetworkEvaluation(
    NetworkMethod method,
    RunContext context,
    IDenoiser network,
    IObjective objective,
    string remarks) : IEvaluation
{
    // Looked at before anything is computed: a text may be too short.
    private readonly ImmutableArray<(Split Part, EvaluationChunks Chunks)> splits =
        [.. context.Spec.Evaluation.Splits.Select(part => (part, context.Chunks(part)))];

    private readonly List<Metric> metrics = [];
    private readonly List<GenerationMetric> generated = [];

    private int[][] samples = []; // of the first generation

    /// <inheritdoc/>
    public NetworkMethod Method => method;

    /// <inheritdoc/>
    public IDenoiser Network => network;

    /// <inheritdoc/>
    public torch.Device Device => TorchEnvironment.Device;

    /// <inheritdoc/>
    public int Count => context.Spec.Sampling.Count;

    /// <inheritdoc/>
    public RandomStream Draws => context.Random.Split("task");

    /// <summary>Measures all that the task asks, and writes what was generated.</summary>
    /// <returns>Rows of <c>metrics.csv</c>.</returns>
    public IEnumerable<Metric> Measure(ITask task)
    {
        task.Evaluate(this);
        if (context.Spec.Published is { } published)
            metrics.AddRange(new PublishedEvaluation(published, context).Of(method, network));
        if (generated.Count > 0)
        {
            context.Folder.WriteGeneration(generated);
            SampleFiles.Write(context, samples);
        }

        return metrics;
    }

    /// <inheritdoc/>
    public IExamples Source(Split part, int limit) => new EvaluationChunks(context.Data[part], context.Spec.Data.Length, limit);

    /// <inheritdoc/>
    public void Add(Metric row) => metrics.Add(row);

    /// <inheritdoc/>
    public void Likelihoods(Func<IExamples, IExamples> made)
    {
        foreach (var (part, chunks) in splits)
        {
            string split = SplitNames.Of(part);
            metrics.AddRange(Likelihood(split, chunks, made, out var estimate));
            // the source's entropy is that of whole texts
            if (estimate.Targets == (long)chunks.Count * chunks.Length)
                metrics.AddRange(context.Likelihoods.Truth(split, context.Spec.Data.Source, chunks, estimate));
            if (part == Split.Test && estimate.Targets == (long)chunks.Count * chunks.Length)
                metrics.AddRange(new UnmaskingRows(method, context, Device).Of(network));
        }

        metrics.AddRange(context.ZeroShot((name, chunks) => Likelihood(name, chunks, made, out _)));
    }

    /// <inheritdoc/>
    public void Generate(
        GenerationRequest request, Func<GeneratedSequences, IEnumerable<GenerationMetric>>? measures = null, bool isText = true)
    {
        if (Count == 0)
            return;
        var quality = isText ? context.ScorerSet.Quality(context.Random.Split("quality")) : null;
        var ways = GenerationWay.Scored(method, context.Spec);
        var speeds = GenerationWay.Timed(method, context.Spec);
        var timed = speeds.Select(way => way.Setting).ToHashSet();
        double all = ways.Length + speeds.Length;
        foreach (var (i, way) in ways.Index())
        {
            context.Stage("sampling", i / all);
            var setting = way.Setting;
            var generator = Generator(way, request);
            var generation = generator.Generate(way.Batch, context.Random.Split("samples"), stop: context.Stop);
            if (samples.Length == 0)
                samples = generation.Sequences;
            if (quality is not null)
                generated.AddRange(quality.Of(setting,
                    [.. generation.Sequences.Select(sequence => GeneratedText.Of(sequence, context.Data.Tokenizer))], context.Stop));
            generated.AddRange(measures?.Invoke(new(setting, generator, generation)) ?? []);
            if (way.Sampler is Guided guided)
                generated.AddRange(GuidanceRows.Of(setting, guided, generation, context.Random.Split("rewards")));
            if (!timed.Contains(setting))
                generated.AddRange(SpeedRows.Of(setting, [generation], "one generation"));
        }

        foreach (var (i, way) in speeds.Index())
        {
            context.Stage("sampling", (ways.Length + i) / all);
            generated.AddRange(SpeedRows.Measure(Generator(way, request), way.Setting, context.Random.Split("speed"), context.Stop));
        }

        context.Stage("sampling", 1);
    }

    private IEnumerable<Metric> Likelihood(
        string split, EvaluationChunks chunks, Func<IExamples, IExamples> made, out LikelihoodEstimate estimate)
    {
        var likelihood = new Likelihood(objective, context.Spec.Evaluation.Draws, context.Random.Split("likelihood").Split(split), Device);
        estimate = likelihood.Of(network, made(chunks), done => context.Stage(split, (double)done / chunks.Count), context.Stop);
        return context.Likelihoods.Of(split, estimate, chunks, objective, likelihood.Draws, context.Task.Condition(method, chunks.Length),
            remarks);
    }

    private Generator Generator(GenerationWay way, GenerationRequest request) =>
        new(network, way.Setup, way.Sampler, Device)
        {
            Decoding = new DecodingOptions(way.Temperature),
            Caches = way.Caches,
            Prompt = request.Prompt,
            ProductType = TorchEnvironment.ProductType(context.Spec.Sampling.Precision),
        };
}
