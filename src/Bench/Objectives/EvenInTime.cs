using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels;
using Bench.Noise.Schedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// An objective whose noise times are weighted anew: its loss at time t times 1 − e^{−σ(t)}, the probability of a jump until then. The
/// bound counts a masked token σ'/(e^σ − 1), which along a log-linear schedule is 1/t; here each counts 1, as in BD3-LM's loss near full
/// noise (arXiv 2503.09573), so that nearly clean text does not dominate the gradient.
/// </summary>
/// <remarks>
/// The minimiser is that of the bound: each noise time is still asked for the same prediction. Likelihoods are measured by the bound.
/// </remarks>
/// <param name="Bound">The objective.</param>
/// <param name="Setup">What it denoises: all positions together, so that a text has one noise time.</param>
public sealed record EvenInTime(IObjective Bound, DiffusionSetup Setup) : IObjective
{
    /// <inheritdoc cref="EvenInTime" path="/param[@name='Bound']"/>
    public IObjective Bound { get; } = Bound.IsExact
        ? throw new ArgumentException($"{Bound.Name} draws no noise time; leave even-times out", nameof(Bound))
        : Setup.Hyperschedule.NeedsContext || Setup.Hyperschedule.IsMixed
            ? throw new ArgumentException(
                $"along {Setup.Hyperschedule.Name} a text has several noise times at once; use even-times with a flat hyperschedule",
                nameof(Setup))
            : Bound;

    /// <inheritdoc/>
    public string Name => $"{Bound.Name}, even in time";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => Bound.Constants;

    /// <inheritdoc/>
    public IObjective? Reconstruction => Bound.Reconstruction;

    /// <inheritdoc/>
    public IObjective ForLikelihood => Bound.ForLikelihood;

    /// <summary>What the loss of a text counts that is put at a level.</summary>
    public double Weight(double level) => Setup.Schedule.Jumped(level);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        double[] weights = [.. levels.ToArray().Select(Weight)];
        var drawn = Bound.Draw(batch, levels, noise);
        return (network, device) =>
        {
            using var scope = NewDisposeScope();
            var nats = drawn(network, device);
            return (nats * tensor(weights, [weights.Length, 1], nats.dtype).On(device)).MoveToOuterDisposeScope();
        };
    }
}
