using System.Collections.Immutable;
using System.Diagnostics;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Metrics;
using Bench.NGrams;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Scoring;

namespace Bench.Experiments.Running;

/// <summary>An n-gram model, on the very chunks that networks are measured on.</summary>
/// <param name="method">Which order.</param>
/// <param name="context">The run.</param>
internal sealed class NGramRun(NGram method, RunContext context) : Run
{
    private readonly ImmutableArray<(Split Part, EvaluationChunks Chunks)> splits =
        [.. context.Spec.Evaluation.Splits.Select(part => (part, context.Chunks(part)))];

    /// <inheritdoc/>
    public override ComputeEngine Engine => ComputeEngine.Managed;

    /// <inheritdoc/>
    public override IEnumerable<Metric> Execute()
    {
        context.Stage("counting", 0);
        int[] tokens = InMemory(() => context.Data.Train.ToArray());
        var clock = Stopwatch.StartNew();
        var model = InMemory(() => WittenBell.Fit(tokens, context.Data.Vocabulary.TokenCount, method.Order));
        double speed = tokens.Length / clock.Elapsed.TotalSeconds;
        context.Stage("counting", 1);
        Metric[] rows =
        [
            .. splits.SelectMany(split => Likelihoods(model, split.Part, split.Chunks)),
            .. context.ZeroShot((name, chunks) => Exact(name, Estimate(model, chunks), chunks)),
            TrainingMetrics.Parameters.Row(Splits.None, model.Grams, protocol: "stored counts"),
            TrainingMetrics.Tokens.Row(Splits.None, tokens.Length),
            TrainingMetrics.Speed.Row(Splits.None, speed, protocol: "counting, one thread"),
        ];
        Generate(model);
        return rows;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }

    private T InMemory<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception failure) when (failure is OutOfMemoryException or OverflowException)
        {
            throw new SuiteException(
                $"the {method.Order}-grams of {context.Data.Train.Count} tokens do not fit into memory",
                $"Leave {method.Name} out of the methods of {context.Spec.Experiment}, or count lower orders only.", failure);
        }
    }

    private IEnumerable<Metric> Likelihoods(WittenBell model, Split part, EvaluationChunks chunks)
    {
        string split = SplitNames.Of(part);
        var estimate = Estimate(model, chunks);
        context.Stage(split, 0.5);
        double whole = model.Bits(context.Data[part].ToArray());
        context.Stage(split, 1);
        return
        [
            .. Exact(split, estimate, chunks),
            LikelihoodMetrics.Stream.Row(split, whole, protocol: "exact; the whole split as one stream", per: context.Likelihoods.Units),
            .. context.Likelihoods.Truth(split, context.Spec.Data.Source, chunks, estimate),
        ];
    }

    private IEnumerable<Metric> Exact(string split, LikelihoodEstimate estimate, EvaluationChunks chunks) =>
        context.Likelihoods.Of(split, estimate, chunks, isExact: true, context.Likelihoods.Exact(chunks));

    private LikelihoodEstimate Estimate(WittenBell model, EvaluationChunks chunks)
    {
        var nats = new double[chunks.Count];
        for (int i = 0; i < nats.Length; i++)
        {
            context.Stop.ThrowIfCancellationRequested();
            nats[i] = model.NatsPerToken(chunks.Read(i)).Average();
        }

        return new LikelihoodEstimate(nats.Average(), LikelihoodRows.ErrorOfMean(nats), DrawError: 0, Prior: 0, Reconstruction: 0,
            chunks.Count, chunks.Length, Draws: 1) { PerSequence = [.. nats] };
    }

    private void Generate(WittenBell model)
    {
        int count = context.Spec.Sampling.Count;
        if (count == 0)
            return;
        context.Stage("sampling", 0);
        var draws = context.Random.Split("samples");
        var clock = Stopwatch.StartNew();
        var sequences = new int[count][];
        for (int i = 0; i < count; i++)
        {
            context.Stop.ThrowIfCancellationRequested();
            sequences[i] = new int[context.Spec.Data.Length];
            model.Sample(draws, i, sequences[i]);
        }

        var generation = new Generation(sequences, NetworkCalls: 0, clock.Elapsed.TotalSeconds);
        context.Stage("sampling", 1);
        var setting = new GenerationSetting("token by token", Steps: 0);
        context.Folder.WriteGeneration(
        [
            .. context.ScorerSet.Quality(context.Random.Split("quality"))
            .Of(setting, [.. sequences.Select(sequence => GeneratedText.Of(sequence, context.Data.Tokenizer))], context.Stop),
            .. SpeedRows.Speeds(setting, [generation], "one generation"),
        ]);
        SampleFiles.Write(context, sequences);
    }
}
