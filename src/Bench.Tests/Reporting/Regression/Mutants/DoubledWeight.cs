using Bench.Models;
using Bench.Numerics;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A bound whose weight is twice what it should be for the half of the times with less noise: a factor that somebody applied twice in one branch.</summary>
internal sealed class DoubledWeight(IObjective sound) : IObjective
{
    public string Name => sound.Name;

    public bool IsExact => sound.IsExact;

    public ConstantTerms Constants => sound.Constants;

    public IObjective? Reconstruction => sound.Reconstruction;

    public IObjective ForLikelihood => new DoubledWeight(sound.ForLikelihood);

    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        float[] factors = [.. levels.ToArray().Select(level => level < 0.5 ? 2f : 1f)];
        using var scope = NewDisposeScope();
        return (sound.PerPosition(network, batch, levels, noise, device) * tensor(factors, [batch.Rows, 1], device: device)).MoveToOuterDisposeScope(); // [B, L]
    }
}
