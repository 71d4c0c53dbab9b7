using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Metrics;

/// <summary>Records the score of each example by its index.</summary>
internal sealed class RecordingObjective(IObjective inner) : IObjective
{
    public Dictionary<long, double> Nats { get; } = [];

    public string Name => inner.Name;

    public bool IsExact => inner.IsExact;

    public ConstantTerms Constants => inner.Constants;

    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        var nats = inner.PerPosition(network, batch, levels, noise, device);
        foreach (var (example, sum) in batch.Examples.Zip(nats.sum([1]).data<double>().ToArray()))
            Nats[example] = sum;
        return nats;
    }
}
