using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// The score entropy of γ-hybrid noise as HDLM's public code computes it, to train what was trained with it. It is no bound:
/// <see cref="ScoreEntropy"/> is.
/// </summary>
/// <param name="Setup">Noise, hyperschedule and view.</param>
/// <param name="Gamma">γ, the uniform share of the rates.</param>
/// <param name="ScaledBySigma">Whether outputs are lowered by ln(e^σ − 1) + ln N.</param>
public sealed record ReleasedScoreEntropy(DiffusionSetup Setup, double Gamma, bool ScaledBySigma) : IObjective
{
    /// <inheritdoc cref="ReleasedScoreEntropy" path="/param[@name='Gamma']"/>
    public double Gamma { get; } = Require.UnitInterval(Gamma);

    /// <inheritdoc/>
    public string Name => "score entropy, as released";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <summary>Infinite, for there is no bound that they would complete.</summary>
    public ConstantTerms Constants => new(double.PositiveInfinity, double.PositiveInfinity);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, continuous: true, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>The value on given noisy sequences.</summary>
    /// <returns>[B, L]</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device) => ScoreExpectation.Of(
        Setup, (sigma, masked, unchanged) => ReleasedScoreTerm.Of(Gamma, sigma, masked, unchanged, Setup.Vocabulary.TokenCount),
        ScaledBySigma, network, batch, device);

    /// <inheritdoc/>
    public IObjective ForLikelihood => new ScoreEntropy(Setup, ScaledBySigma);
}

/// <summary>The score entropy of γ-hybrid noise as HDLM's public code computes it, to reproduce what was trained with it.</summary>
/// <remarks>
/// Masks have the term of noise that only masks, visible tokens that of uniform noise. The marginals of the mixture mask with (1 − γ)σ and
/// redraw with γσ, so this is not 0 at the true scores and asks for others: it is no bound. <see cref="ScoreTerm.Of"/> with the process's
/// own marginal and rates is.
/// </remarks>
public static class ReleasedScoreTerm
{
    /// <summary>(1 − γ) times the absorbing term at a mask, γ times the uniform one at a token, both at the whole of σ.</summary>
    /// <param name="gamma">γ, the uniform share of the rates.</param>
    /// <param name="sigma">Total noise σ &gt; 0.</param>
    /// <param name="masked">Whether x_t is [MASK].</param>
    /// <param name="unchanged">Whether x_t = x_0.</param>
    /// <param name="tokenCount">N.</param>
    public static ScoreTerm Of(double gamma, double sigma, bool masked, bool unchanged, int tokenCount)
    {
        INoiseProcess pure = masked ? new Absorbing() : new Uniform();
        return (masked ? 1 - gamma : gamma) * ScoreTerm.Of(pure.At(sigma), pure.RatesAt(sigma), masked, unchanged, tokenCount);
    }
}
