using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Machine;
using Bench.Methods;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Training;
using static TorchSharp.torch;
using Generator = Bench.Sampling.Generator;

namespace Bench.Experiments.Speed;

/// <summary>
/// Whole generations of a batch of texts, from noise to text, with the method's own sampler and with keys and values kept where they can
/// be.
/// </summary>
/// <param name="Method">Which method.</param>
/// <param name="Size">At which size.</param>
/// <param name="Steps">Steps to ask the method for.</param>
/// <param name="Batch">Texts that are generated together.</param>
/// <param name="Suffix">What distinguishes the case from others of the same method and size.</param>
public sealed record SamplingCase(NetworkMethod Method, SpeedSize Size, int Steps, int Batch, string Suffix = "") : ISpeedCase
{
    /// <inheritdoc/>
    public string Name => $"sample-{Method.Name}-{Size.Name}{Suffix}";

    /// <inheritdoc/>
    public Precision Usual => Caching.IsOfUse(Setup.Hyperschedule, Setup.View) ? Precision.Float32 : Precision.BFloat16;

    /// <summary>What is generated.</summary>
    internal DiffusionSetup Setup => Method.Setup(Size.Vocabulary, Size.Length, Steps);

    /// <inheritdoc/>
    public ISpeedWork Begin(Precision precision) => new SamplingWork(this, precision);
}

/// <summary>A generator that is asked for one batch of texts at a time, never the same texts twice.</summary>
internal sealed class SamplingWork : ISpeedWork
{
    private readonly SamplingCase row;
    private readonly Ddit network;
    private readonly Generator generator;
    private readonly RandomStream draws;
    private int batches;
    private Generation? last;

    public SamplingWork(SamplingCase row, Precision precision)
    {
        this.row = row;
        var root = RandomStream.Root(1);
        draws = root.Split("samples");
        network = new Ddit(row.Size.Shape(row.Method.View), root) { ProductType = TorchEnvironment.ProductType(precision) };
        network.On(TorchEnvironment.Device).eval();
        generator = new Generator(network, row.Setup, row.Method.Sampler, TorchEnvironment.Device);
    }

    public double Tokens => (double)row.Batch * row.Size.Length;

    public double Steps => last?.NetworkCalls ?? 0;

    // Where keys are kept, a position attends to those that are settled: half of them, on average.
    public double Flops =>
        last is null
            ? 0
            : NominalFlops.OfSampling(network.Shape, last.NetworkTokens, generator.KeepsKeys ? row.Size.Length / 2.0 : row.Size.Length);

    public void Once(CancellationToken stop) => last = generator.Generate(row.Batch, draws, first: row.Batch * batches++, stop);

    public void Dispose() => network.Dispose();
}
