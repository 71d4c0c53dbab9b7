using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// The weighted cross-entropy of HDLM's ε-hybrid (arXiv 2504.06416): 1/p on a masked token, p the masked share at its time; λ(1 − ε) on a
/// replaced token and λε on an unchanged one, so that both classes count alike. The masked part is MDLM's bound, the others are auxiliary.
/// </summary>
/// <remarks>
/// The information of the observed token itself is added to the logits here, a constant on its own logit, so that the outputs are the
/// prediction without it that <see cref="Nelbo"/> and the ancestral sampler read: the minimiser is the same, the published code's outputs
/// include the observation.
/// </remarks>
/// <param name="Setup">
/// Noise whose tokens are kept with probability 1 − ε, whatever the time; hyperschedule; aligned or shifted view.
/// </param>
/// <param name="Lambda">λ ≥ 0: what tokens count beside masks.</param>
/// <param name="PerVisible">
/// Whether tokens count 1/(1 − p) each, as masks count 1/p: the published loss without hyperschedule does, the one along a hyperschedule
/// does not.
/// </param>
/// <param name="Continuous">Whether steps are infinitely short; else noise times are those of the hyperschedule.</param>
public sealed record HybridCrossEntropy(DiffusionSetup Setup, double Lambda, bool PerVisible, bool Continuous) : IObjective
{
    /// <summary>Neither share is taken to be smaller: at the ends of the noise range its inverse would have no limit.</summary>
    public const double LeastShare = 1e-4;

    /// <inheritdoc cref="HybridCrossEntropy" path="/param[@name='Lambda']"/>
    public double Lambda { get; } = Require.NonNegative(Lambda);

    /// <inheritdoc/>
    public string Name => $"weighted cross-entropy, λ {Lambda}{(PerVisible ? " over the visible" : "")}";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => ForLikelihood.Constants;

    /// <inheritdoc/>
    public IObjective ForLikelihood => new Nelbo(Setup, Setup.Hyperschedule.HasContinuousLimit);

    /// <summary>The weight of a position's cross-entropy.</summary>
    /// <param name="now">The marginal at its time.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    public double Weight(Marginal now, bool masked, bool unchanged)
    {
        if (masked)
            return 1 / Math.Max(LeastShare, now.MaskProbability);
        double replaced = 1 - now.Retained; // ε
        return Lambda * (unchanged ? replaced : 1 - replaced) / (PerVisible ? Math.Max(LeastShare, 1 - now.MaskProbability) : 1);
    }

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, Continuous, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>The loss of given noisy sequences.</summary>
    /// <returns>[B, L]</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        double[] weights = new double[batch.Tokens.Length];
        for (int at = 0; at < weights.Length; at++)
        {
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            if (batch.IsTarget(at))
                weights[at] = Weight(Setup.At(batch.LevelDraws[row].Times[i]), batch.Tokens[at] == Setup.Vocabulary.MaskId,
                    batch.Tokens[at] == batch.Clean.Tokens[at]);
        }

        return CrossEntropy.Weighted(network, batch, weights, Setup.Vocabulary.MaskId, device, Own());
    }

    // Log-ratio of evidence that an observed token is clean, under the two classes' weights: q(z | z) λε over q(z | y) λ(1 − ε).
    private double Own()
    {
        var now = Setup.At(0.5);
        double replaced = 1 - now.Retained, drawn = replaced / Setup.Vocabulary.TokenCount;
        return Lambda == 0 || replaced == 0 ? 0 : Math.Log((1 - replaced + drawn) * replaced / (drawn * (1 - replaced)));
    }
}
