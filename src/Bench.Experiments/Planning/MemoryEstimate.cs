using Bench.Backbone;
using Bench.Data;
using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Training;

namespace Bench.Experiments.Planning;

/// <summary>
/// Memory that a run holds, in bytes. What is held throughout adds up; training, measuring and generating come one after the other, and the
/// largest counts.
/// </summary>
/// <remarks>
/// The numbers below were fitted to the peak resident memory of one process a run, on two x86 cores with libtorch 1.13: 25 networks of 1 to
/// 8 blocks, width 16 to 512, 1 to 8 heads, length 16 to 512, batches of 1 to 64, vocabularies of 9 to 251, AR, MDLM, BD3-LM, γ and ε, in
/// bf16 and float32, between 226 MiB and 1.6 GiB. All estimates were within 20 % of what was measured. A campaign of many runs holds up to
/// some hundred megabytes more: the allocator keeps what earlier runs gave back.
/// </remarks>
/// <param name="Program">The program, libtorch where there is a network, the scorers' counts and vocabulary.</param>
/// <param name="Weights">
/// Weights, gradients, AdamW's two moments, their moving average and the network that is measured: six numbers a parameter. The scoring
/// network's weights.
/// </param>
/// <param name="SequenceOfStep">Activations that a training step keeps for the backward pass, for each sequence of the batch.</param>
/// <param name="Sequences">The batch size, or that of micro-batches.</param>
/// <param name="Measuring">Activations of a likelihood.</param>
/// <param name="Generating">Activations of a generation.</param>
public sealed record MemoryEstimate(
    double Program, double Weights, double SequenceOfStep, long Sequences, double Measuring, double Generating)
{
    private const double Managed = 105 * Mebi, Engine = 121 * Mebi, Mebi = 1 << 20;
    // of the scorers: the text itself, counts of n-grams, its known words
    private const double TextToken = 20;
    private const double Single = 4, Copies = 6;                             // float32; see Weights
    // bytes a position and unit of width; a head and pair; a unit of width of a position with a level of its own
    private const double KeptWidth = 64.6, KeptPair = 8.07, KeptReported = 36;
    private const double KeptLogit = 40;                                     // bytes a logit
    // what float32 products keep, as a multiple of what bf16 ones do
    private const double Float32 = 1.6;
    // without a backward pass, in float32, of the block or the head at work; log-probabilities are in float64
    private const double PassingWidth = 144, PassingPair = 8.4, PassingLogit = 64;
    // of a generation: as the network gives it, on its way and in float64, and an array of the step before that is not collected yet
    private const double DrawnLogit = 30;
    private const int RowsAtOnce = 64;                                       // of Likelihood

    /// <summary>Processes that it is the sum of: ranks of a machine, of which one measures and generates.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Activations of a training step.</summary>
    public double Training => SequenceOfStep * Sequences;

    /// <summary>All of it at the peak.</summary>
    public double Bytes => Program + Weights + Math.Max(Training, Math.Max(Measuring, Generating));

    /// <summary>
    /// The largest batch of each process that a training step fits with into so much memory; null where not even one sequence does, or
    /// where not training needs most.
    /// </summary>
    /// <param name="bytes">All the memory there is.</param>
    public long? BatchThatFits(double bytes)
    {
        double left = bytes - Program - Weights;
        double each = SequenceOfStep * Processes;
        return SequenceOfStep > 0 && left >= each && left >= Math.Max(Measuring, Generating)
            ? (long)(left / each)
            : null;
    }

    /// <summary>The estimate of a run.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="text">Tokens of its text; null where they are not known.</param>
    /// <param name="drawnLogit">Bytes of a logit that a sampler draws from.</param>
    public static MemoryEstimate Of(RunSpec spec, TextSize? text, double drawnLogit = DrawnLogit)
    {
        double scorers = spec.Sampling.Count == 0 ? 0 : (text?.Train ?? 0) * TextToken;
        double scoring = spec.Scorer?.Parameters * Single ?? 0;
        if (spec.Method is not NetworkMethod method || spec.Model is not { } model)
        {
            return new(
                Managed + scorers + (spec.Scorer is null ? 0 : Engine),
                scoring,
                0,
                0,
                0,
                spec.Scorer is { } scorer ? Passing(scorer, Math.Min(RowsAtOnce, spec.Sampling.Count)) : 0);
        }

        var vocabulary = spec.Data.Tokenizer.Vocabulary;
        var setup = method.Setup(vocabulary, spec.Data.Length);
        var shape = model.Shape(vocabulary, method.View);
        var asked = ExamplePasses.Of(method.Objective(setup), setup);
        double draws = spec.Evaluation.Draws, measured = Math.Max(Math.Floor(RowsAtOnce / draws), 1) * draws;
        double rows = Math.Min(
            LogitBudget.Rows((int)measured, spec.Data.Length, vocabulary.Size), spec.Evaluation.Sequences * draws);
        double measuring = Passing(shape, rows * RunCost.DrawOf(spec));
        double generating = GenerationWay.Scored(method, spec).Concat(GenerationWay.Timed(method, spec))
            .Select(way => Generation(shape, way, drawnLogit))
            .DefaultIfEmpty(0)
            .Max();
        return spec.Training is not { } plan
            ? new(Managed + Engine + scorers, (shape.Parameters * Single) + scoring, 0, 0, measuring, generating)
            : new(
                Managed + Engine + scorers,
                (shape.Parameters * Single * Copies) + scoring,
                Kept(shape, asked, plan.Precision),
                plan.RowsAtOnce,
                measuring,
                generating);
    }

    // Every position at once: the first call of a generation that keeps no keys, or the last. Of those that may change all are asked.
    private static double Generation(DditShape shape, GenerationWay way, double drawnLogit)
    {
        double length = way.Setup.Hyperschedule.Length;
        return Math.Max(
            Passing(shape, way.Rows * new Pass(length, length * length, 0, 0)),
            (double)way.Rows * way.MostAsked * shape.TableRows * drawnLogit);
    }

    // For the backward pass of one sequence.
    private static double Kept(DditShape shape, Pass asked, Precision precision)
    {
        bool each = asked.Conditioned > 1; // a level of its own for each position: shifts, scales and gates of its own
        double block = (asked.Slots * shape.Width * (KeptWidth + (each ? KeptReported : 0))) + (asked.Pairs * shape.Heads * KeptPair);
        return (shape.Blocks * block * (precision == Precision.Float32 ? Float32 : 1)) + (asked.Asked * shape.TableRows * KeptLogit);
    }

    private static double Passing(DditShape shape, Pass pass) =>
        Math.Max(
            (pass.Slots * shape.Width * PassingWidth) + (pass.Pairs * shape.Heads * PassingPair),
            Math.Min(pass.Asked, LogitBudget.Positions(shape.TableRows)) * shape.TableRows * PassingLogit);

    private static double Passing(RunSpec scorer, int rows) =>
        Passing(
            scorer.Model!.Shape(scorer.Data.Tokenizer.Vocabulary, ((NetworkMethod)scorer.Method).View),
            rows * new Pass(scorer.Data.Length, (double)scorer.Data.Length * scorer.Data.Length, scorer.Data.Length, 0));
}
