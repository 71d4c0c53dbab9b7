using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Results.Runs;

namespace Bench.Experiments.Planning;

/// <summary>
/// What a run takes, computed from its definition without a tensor engine. Work is counted in floating-point operations of the matrix
/// products (see <see cref="Pass.Flops"/>); a training step is three forward passes, since the backward pass multiplies twice as much: 6 N
/// a token and 12·blocks·width·length for attention, where every position is predicted once. Blocks and slides are trained on [clean |
/// noisy], twice the positions. What is not counted: pretrained scorers, bootstraps, random numbers.
/// </summary>
public sealed record RunCost
{
    /// <summary>Sequences and draws of a validation while training.</summary>
    internal const int GlanceSequences = 64, GlanceDraws = 4;

    /// <summary>Forward and backward.</summary>
    internal const double PassesOfAStep = 3;

    // A token of GPT-2's has four bytes and a little.
    private const int BytesOfToken = 4;

    /// <summary>Numbers to train; null for a method without a network.</summary>
    public long? Parameters { get; init; }

    /// <summary>
    /// Tokens that are trained on, repeats included, or that are counted; 0 where nothing is fitted, null where training is given time and
    /// the number is not known.
    /// </summary>
    public long? Tokens { get; init; } = 0;

    /// <summary>Optimiser updates; null where tokens are.</summary>
    public long? Steps { get; init; } = 0;

    /// <summary>Operations of all training steps; null where tokens are.</summary>
    public double? Training { get; init; } = 0;

    /// <summary>Operations of the likelihoods, those while training included where it is known how many they are.</summary>
    public double Likelihood { get; init; }

    /// <summary>Operations of everything that is generated, and of scoring it by the scoring network.</summary>
    public double Generation { get; init; }

    /// <summary>All of them; null where those of training are not known.</summary>
    public double? Flops => Training + Measuring;

    /// <summary>Those of likelihoods and of generation.</summary>
    public double Measuring => Likelihood + Generation;

    /// <summary>Memory that it holds.</summary>
    public required MemoryEstimate Memory { get; init; }

    /// <summary>Bytes on disk while it runs: the checkpoints that are kept, logs, samples.</summary>
    public long Disk { get; init; }

    /// <summary>Bytes on disk when the run has finished.</summary>
    public long DiskKept { get; init; }

    /// <summary>The same, without what of it is on disk already.</summary>
    /// <param name="bytes">How much that is.</param>
    internal RunCost Beyond(long bytes) => this with { Disk = Math.Max(0, Disk - bytes), DiskKept = Math.Max(0, DiskKept - bytes) };

    /// <summary>The cost of a run.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="text">How long its text is; null where that is not known, and then as long as is asked for.</param>
    public static RunCost Of(RunSpec spec, TextSize? text = null)
    {
        var memory = MemoryEstimate.Of(spec, text);
        long disk = DiskEstimate.Peak(spec), kept = DiskEstimate.Kept(spec);
        if (spec.Method is not NetworkMethod method || spec.Model is not { } model)
        {
            return new RunCost
            {
                Tokens = spec.Method is NGram ? text?.Train ?? 0 : 0,
                Generation = ScoringOf(spec),
                Memory = memory,
                Disk = disk,
                DiskKept = kept,
            };
        }

        var shape = model.Shape(spec.Data.Tokenizer.Vocabulary, method.View);
        long? steps = spec.Budget is null ? spec.Training?.Steps ?? 0 : null; // none of a network that is imported
        return new RunCost
        {
            Parameters = shape.Parameters,
            Tokens = checked(steps * (spec.Training?.BatchSize ?? 0) * spec.Data.Length),
            Steps = steps,
            Training = spec.Training is null ? 0 : steps * StepFlops(spec),
            Likelihood = (LikelihoodRows(spec, text) * DrawOf(spec).Flops(shape)) + OrdersOf(spec, method, shape),
            Generation = GenerationWay.Scored(method, spec).Sum(way => Generate(way, shape))
                + GenerationWay.Timed(method, spec).Sum(way => Generate(way, shape))
                + ScoringOf(spec),
            Memory = memory,
            Disk = disk,
            DiskKept = kept,
        };
    }

    /// <summary>Operations of one training step of a network.</summary>
    internal static double StepFlops(RunSpec spec)
    {
        var method = (NetworkMethod)spec.Method;
        var vocabulary = spec.Data.Tokenizer.Vocabulary;
        var setup = method.Setup(vocabulary, spec.Data.Length);
        var passes = (spec.Training?.BatchSize ?? 1) * ExamplePasses.Of(method.Objective(setup), setup);
        return PassesOfAStep * passes.Flops(spec.Model!.Shape(vocabulary, method.View));
    }

    /// <summary>What the likelihood of one draw of one sequence asks the network.</summary>
    internal static Pass DrawOf(RunSpec spec)
    {
        var method = (NetworkMethod)spec.Method;
        var setup = method.Setup(spec.Data.Tokenizer.Vocabulary, spec.Data.Length);
        return ExamplePasses.OfLikelihood(method.Objective(setup), setup);
    }

    /// <summary>Draws of sequences whose likelihood is computed: at the end, on other texts, and while training.</summary>
    internal static double LikelihoodRows(RunSpec spec, TextSize? text)
    {
        var evaluation = spec.Evaluation;
        double RowsOf(long bytes) => Math.Max(1, bytes / BytesOfToken / spec.Data.Length);
        double Chunks(long? tokens, int most) => tokens is { } count ? Math.Min(most, Math.Max(1, count / spec.Data.Length)) : most;
        double sequences = evaluation.Splits.Sum(part => Chunks(text?[part], evaluation.Sequences))
            + (evaluation.ZeroShot.Length * (double)evaluation.ZeroShotSequences);
        // By the sizes of their files: a text is not read to count its rows.
        sequences += spec.Published?.Texts.Sum(text => Math.Min(evaluation.Sequences, RowsOf(text.Corpus.Bytes))) ?? 0;
        double asPublished = spec.Published is { } published
            ? published.Protocol.Draws
                * published.Texts.Sum(text => Math.Min(published.Sequences ?? int.MaxValue, RowsOf(text.Corpus.Bytes)))
            : 0;
        double glances = spec.Training is { ValidateEvery: > 0 } plan ? Math.Ceiling((double)plan.Steps / plan.ValidateEvery) : 0;
        int draws = evaluation.Draws == 1 ? 1 : GlanceDraws;
        return (sequences * evaluation.Draws) + asPublished + (glances * Chunks(text?.Validation, GlanceSequences) * draws);
    }

    /// <summary>The share of its steps that a run has ahead: an interrupted one goes on from its last checkpoint.</summary>
    public double LeftOf(PlannedRun run) =>
        run.State == RunState.Running && Checkpoints.NewestStep(run.Folder) is { } step && Steps is { } all and > 0
            ? Math.Clamp(1 - ((double)step / all), 0, 1)
            : 1;

    private static double OrdersOf(RunSpec spec, NetworkMethod method, DditShape shape) =>
        spec.Evaluation.Orders.Sum(order => UnmaskingWay.Of(method, order, spec) is { } way ? Generate(way, shape) : 0);

    private static double Generate(GenerationWay way, DditShape shape) => (way.Batch * GenerationCost.Of(way).PerRow).Flops(shape);

    // Every text is read twice by the scoring network: for its likelihood, and for its features.
    private static double ScoringOf(RunSpec spec)
    {
        if (spec.Scorer is not { Method: NetworkMethod method, Model: { } model } || spec.Sampling.Count == 0)
            return 0;
        int settings = spec.Method is NetworkMethod own ? GenerationWay.Scored(own, spec).Length : 1;
        int length = spec.Data.Length;
        return 2 * (settings * spec.Sampling.Count * new Pass(length, (double)length * length, length, Conditioned: 0)).Flops(
            model.Shape(spec.Data.Tokenizer.Vocabulary, method.View));
    }
}

/// <summary>Bytes that a run takes on disk: its checkpoints, and the files that results are.</summary>
internal static class DiskEstimate
{
    private const double FastestStep = 0.01;         // seconds; steps of a time that are logged, at the most
    private const double Single = 4, Copies = 4;     // a checkpoint: weights, two moments, moving average, in float32
    private const int WhileTraining = 3;             // two are kept, and a third is written before the older one goes
    private const double LogRow = 130, MetricRows = 20_000, SettingRows = 12_000, Token = 4; // what these files have been

    /// <summary>While it runs.</summary>
    public static long Peak(RunSpec spec) => (long)(((spec.Training is null ? 1 : WhileTraining) * Checkpoint(spec)) + Files(spec));

    /// <summary>Once it has finished: the last checkpoint stays.</summary>
    public static long Kept(RunSpec spec) => (long)(Checkpoint(spec) + Files(spec));

    private static double Checkpoint(RunSpec spec) => (spec.Parameters ?? 0) * Single * (spec.Source is null ? Copies : 1);

    private static double Files(RunSpec spec)
    {
        double log = spec.Training is { } plan && spec.Method is NetworkMethod
            ? (double)(spec.Budget?.StepsOf(FastestStep) ?? plan.Steps) / plan.LogEvery * LogRow
            : 0;
        double settings = spec.Sampling.Count == 0
            ? 0
            : 1
                + spec.Sampling.Temperatures.Length
                + ((1 + spec.Sampling.Samplers.Length) * (1 + spec.Sampling.StepCounts.Length))
                + (2 * spec.Sampling.Batches.Length);
        return log + MetricRows + (settings * SettingRows) + (spec.Sampling.Count * spec.Data.Length * Token);
    }
}

/// <summary>How long a text is, in tokens.</summary>
/// <param name="Train">The training part.</param>
/// <param name="Validation">The validation part.</param>
/// <param name="Test">The test part.</param>
public sealed record TextSize(long Train, long Validation, long Test)
{
    /// <summary>That of a dataset.</summary>
    public static TextSize Of(Dataset data) => new(data.Train.Count, data.Validation.Count, data.Test.Count);

    /// <summary>That of a part.</summary>
    public long this[Split part] => part switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        _ => Test,
    };
}
