using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// GIDD's training loss: the integrand of the bound, w [KL(q_t(·|x) ‖ q_t(·|π)) + ρ − ln ρ − 1] with ρ = q_t(z|x)/q_t(z|π), under another
/// weight than the bound's w (arXiv 2503.04482, section on loss weights).
/// </summary>
/// <param name="Setup">GIDD's noise, hyperschedule and view.</param>
/// <param name="Weighting">What replaces w = σ'(t) r(z)/q_t(z|x).</param>
public sealed record GiddLoss(DiffusionSetup Setup, IGiddWeighting Weighting) : IObjective
{
    private readonly Gidd process = Setup.Process as Gidd
        ?? throw new ArgumentException($"{Setup.Process.Name} noise is not GIDD's", nameof(Setup));

    /// <inheritdoc/>
    public string Name => $"GIDD loss, {Weighting.Name} weights";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => ForLikelihood.Constants;

    /// <inheritdoc/>
    /// <remarks>The bound does not depend on how fast time passes, its variance does.</remarks>
    public IObjective ForLikelihood => new Nelbo(Setup with { Schedule = new DenseEnds() }, Continuous: true);

    /// <summary>
    /// w, the bound's own weight of a position at a noise time: the rate into its token per unit of time, over the token's probability.
    /// </summary>
    public double BoundWeight(double time, bool masked, bool unchanged) => Setup.Schedule.Rate(time)
        * process.ElboWeight(Setup.Schedule.Sigma(time), masked, unchanged, Setup.Vocabulary.TokenCount);

    /// <summary>The weight that takes its place.</summary>
    public double Weight(double time, bool masked, bool unchanged) =>
        Weighting.Of(process, BoundWeight(time, masked, unchanged), 1 - Exponential.Jumped(Setup.Schedule.Sigma(time)), masked, unchanged,
            Setup.Vocabulary.TokenCount);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, continuous: true, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>The loss of given noisy sequences.</summary>
    /// <returns>[B, L]</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        var terms = PositionTerms.Of(Setup, batch);
        for (int at = 0; at < terms.Length; at++)
        {
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            double time = batch.LevelDraws[row].Times[i];
            bool masked = batch.Tokens[at] == Setup.Vocabulary.MaskId, unchanged = batch.Tokens[at] == batch.Clean.Tokens[at];
            if (!terms[at].Vanishes)
                terms[at] = (Weight(time, masked, unchanged) / BoundWeight(time, masked, unchanged)) * terms[at];
        }

        return PositionTerms.Evaluate(network, batch, terms, device);
    }
}
