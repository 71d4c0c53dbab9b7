using System.Diagnostics.CodeAnalysis;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Methods;
using Bench.Numerics;
using Bench.Results.Runs;
using Bench.Training;
using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Microbenchmarks;

/// <summary>One optimiser update of the quick profile's size: forward, backward, AdamW, average. 8192 tokens.</summary>
[SuppressMessage("Design", "CA1001",
    Justification = "BenchmarkDotNet frees what is owned by calling the method marked with GlobalCleanup.")]
public class TrainingStep : ITrainingHooks
{
    private const int Length = 128;
    private const int BatchSize = 64;
    private Ddit network = null!;
    private Trainer trainer = null!;
    private CancellationTokenSource stop = null!;

    /// <summary>The method that is trained.</summary>
    [Params("ar", "mdlm")]
    public string Name { get; set; } = "";

    /// <summary>The type of the products.</summary>
    [ParamsSource(nameof(Precisions))]
    public Precision Precision { get; set; }

    /// <summary>
    /// The types that the processor multiplies; where it has no fast bf16, an update in it takes half a minute, which says nothing of what
    /// runs do.
    /// </summary>
    public static IEnumerable<Precision> Precisions => Engine.HasFastBf16 ? [Precision.Float32, Precision.BFloat16] : [Precision.Float32];

    string? ITrainingHooks.LastCheckpoint => null;

    /// <summary>A network with its first weights, and text without structure.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var method = (NetworkMethod)MethodTable.Find(Name)!;
        var vocabulary = new Vocabulary("letters", 27);
        var root = RandomStream.Root(1);
        var text = new TokenArray(vocabulary, [.. Enumerable.Range(0, 1 << 18).Select(i => root.Below(vocabulary.TokenCount, 0, i))]);
        var plan = new TrainingPlan(
            Steps: long.MaxValue, BatchSize, LearningRate: 1e-3, WarmupSteps: 0, FinalRate: 1, WeightDecay: 0.01, Beta2: 0.99, ClipNorm: 1,
            EmaDecay: 0.999, Precision,
            LogEvery: 1, ValidateEvery: 0, CheckpointEvery: int.MaxValue);
        network =
            new Ddit(new DditShape(vocabulary.Size, Blocks: 4, Width: 128, Heads: 4, ConditionWidth: 128, method.View.Conditioning), root);
        trainer = new Trainer(network, method.Objective(method.Setup(vocabulary, Length)), new BatchStream(text, Length, BatchSize, root),
            plan, root, CPU);
    }

    /// <summary>One update: the loop is stopped when it reports the first.</summary>
    [Benchmark]
    public void Update()
    {
        using (stop = new CancellationTokenSource())
            trainer.Run(this, stop.Token);
    }

    /// <summary>Frees the network.</summary>
    [GlobalCleanup]
    public void Free()
    {
        trainer.Dispose();
        network.Dispose();
    }

    void ITrainingHooks.Log(TrainingPoint point) => stop.Cancel();

    double ITrainingHooks.Validate(Trainer trained) => double.NaN;

    void ITrainingHooks.Checkpoint(Trainer trained)
    {
    }
}
