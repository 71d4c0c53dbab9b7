
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Training;
using static TorchSharp.torch;
using Generator = Bench.Sampling.Generator;

namespace Bench.Experiments.Planning;

/// <summary>
/// Times what a run does with its network: steps of its training, a likelihood, the beginning of a generation. Runs that would take long
/// are made smaller.
/// </summary>
/// <param name="clock">Measures.</param>
internal sealed class NetworkProbe(TimeProvider clock)
{
    // A tenth of a second on two cores, in bf16. A much smaller one is not representative: small products are slower than large ones.
    private const double MostStepFlops = 2.5e10;
    private const double MostMemory = 1e9;
    private const int LeastLength = 32, Warm = 2, MostTimed = 20, ShortSteps = 12;

    /// <summary>Times a run's network.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="data">Its text.</param>
    /// <param name="time">About how long that may take.</param>
    /// <returns>Null where even the smallest form of it is too large to try.</returns>
    public Speeds? Of(RunSpec spec, Dataset data, TimeSpan time)
    {
        // A network that is imported is timed as one that is trained, a sequence at once: its steps count for nothing afterwards.
        spec = spec with { Training = spec.Training ?? new(0, 1, 1e-5, 0, 1, 0, 0.999, 1, 0, Precision.Float32, 1, 0, 1) };
        var small = Small(spec);
        if (MemoryEstimate.Of(small, text: null) is var memory && memory.Bytes - memory.Program > MostMemory)
            return null;
        var method = (NetworkMethod)small.Method;
        var random = RandomStream.Root(small.Seed);
        using var network = new Ddit(small.Model!.Shape(data.Vocabulary, method.View), random.Split("weights"))
            .On(TorchEnvironment.Device);
        double step = Train(small, data, network, random, time / 2);
        network.eval();
        network.ProductType = float32; // as the averaged network is
        var (row, call) = Measure(small, data, network, random);
        var speeds = new Speeds(
            RunCost.StepFlops(spec), step / RunCost.StepFlops(small), row / RunCost.DrawOf(small).Flops(network.Shape), call, Token: null);
        return small.Sampling.Count == 0 ? speeds : Generate(method, small, network, random, speeds, time / 2);
    }

    /// <summary>
    /// A run whose training step takes few enough operations: fewer rows first, then fewer blocks, then shorter sequences.
    /// </summary>
    internal static RunSpec Small(RunSpec spec)
    {
        while (RunCost.StepFlops(spec) > MostStepFlops)
        {
            if (spec.Training!.BatchSize > 1)
                spec = spec with { Training = spec.Training with { BatchSize = spec.Training.BatchSize / 2 } };
            else if (spec.Model!.Blocks > 1)
                spec = spec with { Model = spec.Model with { Blocks = spec.Model.Blocks / 2 } };
            else if (spec.Data.Length > LeastLength && Halved(spec) is { } shorter)
                spec = shorter;
            else
                break;
        }

        // Texts that are generated go through the network together, as rows of a batch do.
        double most = MostStepFlops / RunCost.DrawOf(spec).Flops(
            spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, ((NetworkMethod)spec.Method).View));
        return spec with
        {
            Sampling = spec.Sampling with
            {
                Count = Math.Min(spec.Sampling.Count, Math.Max(1, (int)most)),
                StepCounts = [],
                Samplers = [],
                Batches = [],
                Temperatures = [],
            },
        };
    }

    // Null where the hyperschedule does not go with it: a table is written for one length, and a narrower window may be no multiple of its
    // rate.
    private static RunSpec? Halved(RunSpec spec)
    {
        var half = spec with { Data = spec.Data with { Length = spec.Data.Length / 2 } };
        try
        {
            ((NetworkMethod)spec.Method).Setup(spec.Data.Tokenizer.Vocabulary, half.Data.Length);
            return half;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static double Train(RunSpec spec, Dataset data, Ddit network, RandomStream random, TimeSpan time)
    {
        var method = (NetworkMethod)spec.Method;
        var plan = spec.Training! with
        {
            Steps = long.MaxValue,
            LearningRate = 1e-5,
            WarmupSteps = 0,
            LogEvery = 1,
            ValidateEvery = 0,
            CheckpointEvery = int.MaxValue,
            Precision = TorchEnvironment.Usable(spec.Training.Precision),
        };
        var batches = new BatchStream(data.Train, spec.Data.Length, plan.BatchSize, random.Split("batches"));
        using var trainer = new Trainer(
            network,
            method.Objective(method.Setup(data.Vocabulary, spec.Data.Length)),
            batches,
            plan,
            random.Split("training"),
            TorchEnvironment.Device);
        using var hooks = new TimedHooks(steps => steps.Count > Warm && (steps.Count > MostTimed || steps.Sum() > time.TotalSeconds));
        trainer.Run(hooks, hooks.Stop);
        return hooks.Seconds.Skip(Warm).Min(); // whatever disturbs a step makes it slower
    }

    // Seconds of a row of a likelihood, and of a call that computes next to nothing.
    private (double Row, double Call) Measure(RunSpec spec, Dataset data, Ddit network, RandomStream random)
    {
        const int Calls = 9;
        const double Short = 0.2;
        var method = (NetworkMethod)spec.Method;
        var objective = method.Objective(method.Setup(data.Vocabulary, spec.Data.Length));
        int draws = spec.Evaluation.Draws, rows = Math.Clamp((int)(MostStepFlops / RunCost.DrawOf(spec).Flops(network.Shape)), 1, 64);
        var likelihood = new Likelihood(objective, Math.Min(draws, rows), random.Split("likelihood"), TorchEnvironment.Device);
        var chunks = new EvaluationChunks(data.Test, spec.Data.Length, Math.Max(1, rows / likelihood.Draws));
        likelihood.Of(network, new EvaluationChunks(data.Test, spec.Data.Length, 1)); // warm-up: code is compiled and masks are built
        double all = Time(() => likelihood.Of(network, chunks));
        if (all < Short)
            all = Math.Min(all, Time(() => likelihood.Of(network, chunks)));
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var device = TorchEnvironment.Device;
        var (token, first) = (zeros([1, 1], int64, device), zeros([1], int64, device));
        var sigma = method.View.IsNoiseConditioned ? zeros([1], float64, device) : null;
        double[] calls = [.. Enumerable.Range(0, Calls).Select(_ => Time(() => network.Logits(token, sigma, first).Dispose()))];
        return (all / (chunks.Count * likelihood.Draws), calls.Min());
    }

    // What steps of a generation take beyond calls and products.
    private Speeds Generate(NetworkMethod method, RunSpec spec, Ddit network, RandomStream random, Speeds speeds, TimeSpan time)
    {
        var way = GenerationWay.Scored(
            method, spec with { Sampling = spec.Sampling with { Steps = Math.Min(spec.Sampling.Steps!.Value, ShortSteps) } })[0];
        using var stop = new CancellationTokenSource();
        long start = clock.GetTimestamp();
        var ends = new List<double>(); // of each step, in seconds
        var generator = new Generator(network, way.Setup, way.Sampler, TorchEnvironment.Device)
        {
            ProductType = TorchEnvironment.ProductType(spec.Sampling.Precision),
            Watch = (_, _) =>
            {
                ends.Add(clock.GetElapsedTime(start).TotalSeconds);
                if (ends[^1] > time.TotalSeconds && ends.Count > Warm)
                    stop.Cancel();
            },
        };
        try
        {
            generator.Generate(way.Batch, random.Split("samples"), stop: stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Long enough.
        }

        // Without the first step, which compiles code and builds masks.
        int first = ends.Count > 1 ? 1 : 0;
        double seconds = ends[^1] - (first == 0 ? 0 : ends[0]);
        var (calls, all) = GenerationCost.Of(way, ends.Count);
        var (skipped, before) = GenerationCost.Of(way, first);
        calls -= skipped;
        double products = way.Batch * (all.Flops(network.Shape) - before.Flops(network.Shape)) * speeds.Likelihood;
        double call = Math.Min(speeds.Call, seconds / calls);
        return speeds with
        {
            Call = call,
            Token = Math.Max(0, seconds - (calls * call) - products) / ((ends.Count - first) * (double)way.Batch * spec.Data.Length),
        };
    }

    private double Time(Action work)
    {
        long start = clock.GetTimestamp();
        work();
        return clock.GetElapsedTime(start).TotalSeconds;
    }
}

/// <summary>Ends a training when enough of its steps have been timed.</summary>
/// <param name="enough">Whether no more is wanted after these seconds of steps.</param>
internal sealed class TimedHooks(Func<IReadOnlyList<double>, bool> enough) : ITrainingHooks, IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly List<double> seconds = [];

    /// <summary>Seconds of each step; the first ones are slow.</summary>
    public IReadOnlyList<double> Seconds => seconds;

    /// <summary>Ends the loop.</summary>
    public CancellationToken Stop => stop.Token;

    /// <inheritdoc/>
    public string? LastCheckpoint => null;

    /// <inheritdoc/>
    public void Log(TrainingPoint point)
    {
        seconds.Add(point.Seconds);
        if (enough(seconds))
            stop.Cancel();
    }

    /// <inheritdoc/>
    public double Validate(Trainer trainer) => double.NaN;

    /// <inheritdoc/>
    public void Checkpoint(Trainer trainer)
    {
    }

    /// <inheritdoc/>
    public void Dispose() => stop.Dispose();
}

/// <summary>How fast this machine is with a network. All work is in operations as <see cref="Pass.Flops"/> counts them.</summary>
/// <param name="Size">Operations of a training step: networks of a size are alike.</param>
/// <param name="Training">Seconds an operation of a training step.</param>
/// <param name="Likelihood">Seconds an operation of a forward pass.</param>
/// <param name="Call">Seconds that a call of a generation takes however little it computes.</param>
/// <param name="Token">
/// Seconds that a step of a generation takes beyond call and products, for each token of the sequences: samplers process all of them. Null
/// where nothing was generated.
/// </param>
internal sealed record Speeds(double Size, double Training, double Likelihood, double Call, double? Token)
{
    private const double Alike = 4;

    /// <summary>
    /// Of a network that was not timed: as fast as those of about its size are on average, or as the one that is nearest.
    /// </summary>
    /// <param name="known">Those that were; one at least.</param>
    /// <param name="size">Operations of a training step.</param>
    public static Speeds Like(IReadOnlyCollection<Speeds> known, double size)
    {
        double Distance(Speeds other) => Math.Abs(Math.Log(other.Size / size));
        var near = known.Where(other => Distance(other) < Math.Log(Alike)).ToArray();
        if (near.Length == 0)
            near = [known.MinBy(Distance)!];
        return new(
            size,
            near.Average(each => each.Training),
            near.Average(each => each.Likelihood),
            near.Average(each => each.Call),
            near.Average(each => each.Token) ?? known.Average(each => each.Token) ?? 0);
    }
}
