using Bench.Backbone;
using Bench.Noise.Released;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives.Released;

/// <summary>The score entropy of γ-hybrid noise as HDLM's public code computes it, to train what was trained with it. It is no bound: <see cref="ScoreEntropy"/> is.</summary>
/// <param name="Problem">Noise, hyperschedule and view.</param>
/// <param name="Gamma">γ, the uniform share of the rates.</param>
/// <param name="ScaledBySigma">Whether outputs are lowered by ln(e^σ − 1) + ln N.</param>
public sealed record ReleasedScoreEntropy(DiffusionSetup Problem, double Gamma, bool ScaledBySigma) : IObjective
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
    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Of(network, NoisyBatch.Draw(Problem, batch, levels, continuous: true, noise), device);

    /// <summary>The value on given noisy sequences.</summary>
    /// <returns>[B, L]</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device) => ScoreExpectation.Of(
        Problem, (sigma, masked, unchanged) => ReleasedScoreTerm.Of(Gamma, sigma, masked, unchanged, Problem.Vocabulary.TokenCount), ScaledBySigma, network, batch, device);

    /// <inheritdoc/>
    public IObjective ForLikelihood => new ScoreEntropy(Problem, ScaledBySigma);
}
