using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// ∫ σ' E Σ_{y≠x_t} r(y → x_t) [s_y − r_y ln s_y + r_y (ln r_y − 1)] dt, with r_y = q_t(y | x_0)/q_t(x_t | x_0) and the network's scores s:
/// the bound of SEDD (arXiv 2310.16834) for absorbing and uniform noise and of HDLM's γ-hybrid (arXiv 2504.06416), along flat and block
/// hyperschedules.
/// </summary>
/// <remarks>
/// The network's outputs are log-scores; that of the current token is not used, its ratio being 1. Any process whose mask absorbs will do.
/// </remarks>
/// <param name="Setup">Noise, hyperschedule and view.</param>
/// <param name="ScaledBySigma">Whether outputs are lowered by ln(e^σ − 1) + ln N, as SEDD does where tokens are masked.</param>
public sealed record ScoreEntropy(DiffusionSetup Setup, bool ScaledBySigma) : IBoundOfTimes
{
    /// <inheritdoc/>
    public string Name => "score entropy";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(
        Setup.At(1).KullbackLeibler(Setup.Start, Setup.Vocabulary.TokenCount),
        // what noise is left at t = 0 was not measured
        Reconstruction: Setup.Process.At(Setup.Schedule.Sigma(0)) == Marginal.Clean ? 0 : double.PositiveInfinity);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, continuous: true, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <inheritdoc/>
    public IBoundOfTimes In(DiffusionSetup setup) => this with { Setup = setup };

    /// <inheritdoc/>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device) =>
        ScoreExpectation.Of(Setup, Term, ScaledBySigma, network, batch, device);

    private ScoreTerm Term(double sigma, bool masked, bool unchanged) =>
        ScoreTerm.Of(Setup.Process.At(sigma), Setup.Process.RatesAt(sigma), masked, unchanged, Setup.Vocabulary.TokenCount);
}
