using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A bound with a wrong weight.</summary>
/// <param name="sound">The right one.</param>
/// <param name="factor">What its weight is off by, at each level of noise in (0, 1).</param>
internal sealed class Reweighted(IObjective sound, Func<double, double> factor) : IObjective
{
    public string Name => sound.Name;

    public bool IsExact => sound.IsExact;

    public ConstantTerms Constants => sound.Constants;

    public IObjective? Reconstruction => sound.Reconstruction;

    public IObjective ForLikelihood => new Reweighted(sound.ForLikelihood, factor);

    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        float[] factors = [.. levels.ToArray().Select(level => (float)factor(level))];
        using var scope = NewDisposeScope();
        // [B, L]
        return (sound.PerPosition(network, batch, levels, noise, device)
            * tensor(factors, [batch.Rows, 1], device: device)).MoveToOuterDisposeScope();
    }
}
