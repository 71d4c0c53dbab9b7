using System.Collections.Immutable;
using System.Globalization;
using Bench.Backbone;
using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Planning;

/// <summary>A graphics card by the numbers that are stated of it: dense products, without sparsity.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="HalfFlops">Operations a second of bf16 products.</param>
/// <param name="SingleFlops">Operations a second of float32 products.</param>
/// <param name="Bandwidth">Bytes a second of its memory.</param>
/// <param name="Memory">Bytes.</param>
public sealed record Card(string Name, double HalfFlops, double SingleFlops, double Bandwidth, double Memory)
{
    private const double Tera = 1e12, Giga = 1e9, Gibi = 1L << 30;

    // Of a card that states no float32: that of the data centre cards since 2020.
    private const double SingleShare = 1 / 16.0;

    /// <summary>Cards that go by a short name; rounded numbers, not compared with data sheets.</summary>
    public static ImmutableArray<(string Key, Card Card)> Known { get; } =
    [
        ("a100-40", new("NVIDIA A100 40 GB", 312 * Tera, 19.5 * Tera, 1555 * Giga, 40 * Gibi)),
        ("a100-80", new("NVIDIA A100 SXM 80 GB", 312 * Tera, 19.5 * Tera, 2039 * Giga, 80 * Gibi)),
        ("h100", new("NVIDIA H100 SXM", 989 * Tera, 67 * Tera, 3350 * Giga, 80 * Gibi)),
        ("h200", new("NVIDIA H200 SXM", 989 * Tera, 67 * Tera, 4800 * Giga, 141 * Giga)),
        ("l40s", new("NVIDIA L40S", 362 * Tera, 91.6 * Tera, 864 * Giga, 48 * Giga)),
        ("rtx-3090", new("NVIDIA GeForce RTX 3090", 71 * Tera, 35.6 * Tera, 936 * Giga, 24 * Gibi)),
        ("rtx-4090", new("NVIDIA GeForce RTX 4090", 165 * Tera, 82.6 * Tera, 1008 * Giga, 24 * Gibi)),
    ];

    /// <summary>How a card is written, for messages.</summary>
    public static string Written => $"one of {string.Join(", ", Known.Select(known => known.Key))}, or \"name, TFLOP/s, GB/s, GiB\"";

    /// <summary>Reads a short name or <c>name, TFLOP/s in bf16, GB/s, GiB</c>, and behind them TFLOP/s in float32 if need be.</summary>
    /// <returns>Null where it is neither.</returns>
    public static Card? Parse(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        if (parts is [var key])
            return Known.FirstOrDefault(known => known.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Card;
        double?[] numbers = [.. parts[1..].Select(Number)];
        return parts[0].Length > 0 && numbers is [{ } half, { } bandwidth, { } memory, .. { Length: <= 1 } rest] && !rest.Contains(null)
            ? new(parts[0], half * Tera, (rest is [{ } single] ? single : half * SingleShare) * Tera, bandwidth * Giga, memory * Gibi)
            : null;

        static double? Number(string word) =>
            double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
                ? value
                : null;
    }
}

/// <summary>
/// What runs take on a card that is not here: nothing is timed. Operations are those of <see cref="RunCost"/>, at a stated share of the
/// card's products; memory is counted from what each operator keeps.
/// </summary>
/// <param name="card">The card.</param>
/// <param name="utilisation">Share of its products a second that the runs reach, in (0, 1].</param>
public sealed class CardPlan(Card card, double utilisation)
{
    /// <summary>
    /// Share of a card's products that training is taken to reach where none is stated; well-kept trainings reach 0.3 to 0.5.
    /// </summary>
    public const double UsualUtilisation = 0.4;

    private const double Single = 4, Half = 2, Context = 600e6; // bytes; of CUDA's context and libraries

    // What training holds of a parameter: weight, gradient, two moments, moving average, and the network that is measured, in float32.
    private const double Copies = 6;

    // Bytes a position and unit of width that a block keeps for the backward pass, in float32: both normalisations keep input and result,
    // and the gates what they gate; and in the type of products: their inputs, queries, keys and values with what rotation makes of them,
    // what attention gives, and both sides of the activation. A mask of dropout for each branch; shift, scale and gate of each token.
    private const double PlainSingles = 2, ModulatedSingles = 6, Products = 16, Dropped = 2, PerToken = 4;

    // A logit: in the type of products, in float32, without the mask, as a logarithm, and gradients of these.
    private const double Logit = 16;

    // What a generation draws from stays on the card in float32 alone, once as the head gives it and once on its way to the host.
    private const double DrawnLogit = 8;

    /// <summary>The card.</summary>
    public Card Card => card;

    /// <summary>Share of its products.</summary>
    public double Utilisation => utilisation;

    /// <summary>How many processes train each run, each on such a card.</summary>
    public RankPlan Ranks { get; init; } = RankPlan.Alone;

    /// <summary>Memory of the card that a run takes.</summary>
    public static MemoryEstimate MemoryOf(RunSpec spec, TextSize? text)
    {
        var here = MemoryEstimate.Of(spec, text, DrawnLogit);
        if (spec.Method is not NetworkMethod method || spec.Model is not { } model || spec.Training is not { } plan)
            return here with { Program = spec.Scorer is null ? 0 : Context };
        var vocabulary = spec.Data.Tokenizer.Vocabulary;
        var setup = method.Setup(vocabulary, spec.Data.Length);
        var shape = model.Shape(vocabulary, method.View);
        bool isHalf = plan.Precision == Precision.BFloat16;
        double scoring = spec.Scorer?.Parameters * Single ?? 0;
        // The update of the largest parameter has three more arrays of its size.
        double weights = (shape.Parameters * ((Copies * Single) + (isHalf ? Half : 0))) + (3 * Single * shape.TableRows * shape.Width);
        return here with
        {
            Program = Context,
            Weights = weights + scoring,
            SequenceOfStep = Kept(shape, ExamplePasses.Of(method.Objective(setup), setup), isHalf ? Half : Single),
        };
    }

    /// <summary>Memory that it takes in the micro-batches of <see cref="RowsOf"/>.</summary>
    public MemoryEstimate MemoryOf(PlannedRun run) => MemoryOf(run.Spec, run.Text) with { Sequences = RowsOf(run) ?? 1 };

    /// <summary>
    /// Sequences that a training step has room for at once: all that the run asks for, or a power of two below that; null where there is no
    /// training step, or no room for one sequence.
    /// </summary>
    public int? RowsOf(PlannedRun run)
    {
        if (run.Spec is not { Training: { } plan, Model: not null })
            return null;
        var memory = MemoryOf(run.Spec, run.Text);
        double fits = (card.Memory - memory.Program - memory.Weights) / memory.SequenceOfStep;
        int asked = AskedOf(plan);
        return fits < 1 ? null : fits >= asked ? asked : 1 << (int)Math.Log2(fits);
    }

    /// <summary>Sequences that a training step asks for at once, of one rank.</summary>
    public int AskedOf(TrainingPlan plan) => Math.Min(plan.RowsAtOnce, Ranks.RowsOf(plan.BatchSize));

    /// <summary>How long a run takes on it.</summary>
    public RunTimeEstimate TimeOf(PlannedRun run, RunCost cost)
    {
        var spec = run.Spec;
        double left = cost.LeftOf(run), single = card.SingleFlops * utilisation;
        if (spec.Method is not NetworkMethod method || spec.Model is not { } model)
            return new(0, 0, cost.Generation / single);
        double products = spec.Training?.Precision == Precision.BFloat16 ? card.HalfFlops : card.SingleFlops;
        double training = spec.Budget?.Seconds ?? (cost.Training ?? 0) / (products * utilisation);
        var shape = model.Shape(spec.Data.Tokenizer.Vocabulary, method.View);
        // A call reads every weight once, however little it computes.
        double reading = shape.Parameters * Single / card.Bandwidth;
        double generation = (from way in GenerationWay.Scored(method, spec).Concat(GenerationWay.Timed(method, spec))
            let asked = GenerationCost.Of(way)
            let flops = way.KeepsKeys || spec.Sampling.Precision != Precision.BFloat16 ? card.SingleFlops : card.HalfFlops
            select Math.Max(asked.Calls * reading * way.Batch / way.Rows, (way.Batch * asked.PerRow).Flops(shape) / (flops * utilisation)))
            .Sum();
        return Ranks.TimeOf(spec, new(left * training, cost.Likelihood / single, generation), hasCards: true);
    }

    /// <summary>Runs that the card has no room for, whatever the micro-batch.</summary>
    public ImmutableArray<Problem> Misfits(IEnumerable<PlannedRun> runs) =>
    [
        .. from run in runs
           let memory = MemoryOf(run.Spec, run.Text)
           let least = memory.Program + memory.Weights + Math.Max(memory.SequenceOfStep, Math.Max(memory.Measuring, memory.Generating))
           where least > card.Memory
           select new Problem(
               $"{run.Spec.Experiment} {run.Spec.Method.Name} seed {run.Spec.Seed}",
               string.Create(
                   CultureInfo.InvariantCulture,
                   $"it needs about {least / 1e9:0.0} GB of the card even with one sequence at once, and {card.Name} has "
                       + $"{card.Memory / 1e9:0.0} GB"),
               memory.Program + memory.Weights > card.Memory
                   ? "Lower model.width or model.blocks, or state a larger card: what is held for the weights alone is more than there is."
                   : "Lower data.length, sampling.count or model.width, or state a larger card."),
    ];

    // For the backward pass of one sequence, whose attention keeps no scores; a mask is one for all blocks and heads.
    private static double Kept(DditShape shape, Pass asked, double product)
    {
        double units = ((shape.Modulated ? ModulatedSingles : PlainSingles) * Single) + (Products * product)
            + (shape.Dropout > 0 ? Dropped * product : 0) + (asked.Conditioned > 1 ? PerToken * Single : 0);
        return (shape.Blocks * asked.Slots * ((shape.Width * units) + (shape.Heads * Single))) + (asked.Pairs * product)
            + (asked.Asked * shape.TableRows * Logit);
    }
}

/// <summary>How many processes train each run together, and how many of them a machine has to hold.</summary>
/// <param name="Count">Ranks.</param>
/// <param name="PerMachine">Ranks of a machine, at most.</param>
/// <remarks>
/// Ranks divide the rows of a batch and nothing else: each holds all weights, gradients and moments and takes every optimiser step;
/// likelihoods, generation and scoring are rank 0's. What they send is left out of times, since no network is known.
/// </remarks>
public sealed record RankPlan(int Count, int PerMachine)
{
    private const double Single = 4; // bytes of a gradient on its way

    /// <summary>A process for each run.</summary>
    public static RankPlan Alone { get; } = new(1, 1);

    /// <summary>Ranks that are spread evenly over machines.</summary>
    public static RankPlan On(int ranks, int machines) => new(ranks, (ranks + machines - 1) / machines);

    /// <summary>Rows of a batch that the rank with most of them computes.</summary>
    public int RowsOf(int batch) => (batch + Count - 1) / Count;

    /// <summary>How long a run takes on ranks.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="alone">How long it takes in one process that has a machine, or a card, to itself.</param>
    /// <param name="hasCards">Whether each rank has a card of its own; else the ranks of a machine divide its cores.</param>
    public RunTimeEstimate TimeOf(RunSpec spec, RunTimeEstimate alone, bool hasCards)
    {
        if (Count == 1 || spec.Method is not NetworkMethod)
            return alone;
        int divided = hasCards ? 1 : PerMachine; // rank 0 has so much of its machine's cores, whatever it does
        double step = spec.Training is { } plan ? divided * RowsOf(plan.BatchSize) / (double)plan.BatchSize : 1;
        // Training that is given time takes that time, and more or fewer steps.
        return new(spec.Budget is null ? alone.Training * step : alone.Training, alone.Likelihood * divided, alone.Generation * divided)
        {
            Steps = alone.Steps is { } steps ? (long)(steps / step) : null,
        };
    }

    /// <summary>Memory that all ranks of the machine of rank 0 hold.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="alone">What one process holds.</param>
    public MemoryEstimate MemoryOf(RunSpec spec, MemoryEstimate alone)
    {
        if (Count == 1 || spec is not { Training: { } plan, Parameters: { } parameters })
            return alone;
        return alone with
        {
            Program = PerMachine * alone.Program,
            // Buckets hold the gradients once more. A rank that measures nothing has no network for it.
            Weights = alone.Weights + (parameters * Single) + ((PerMachine - 1) * alone.Weights),
            Sequences = PerMachine * Math.Min(alone.Sequences, RowsOf(plan.BatchSize)),
            Processes = PerMachine,
        };
    }

    /// <summary>What a plan says of them.</summary>
    /// <param name="hasCards">As of <see cref="TimeOf"/>.</param>
    public string Note(bool hasCards) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} ranks, {(hasCards ? "a card each" : $"{PerMachine} on a machine, whose cores they divide")}: they share the rows of each "
            + $"batch. Likelihoods, generation and scoring are rank 0's alone; what ranks send each other is left out, and optimiser "
            + $"steps, which each of them takes whole, are counted as shared.");
}
