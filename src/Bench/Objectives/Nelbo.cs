using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// The bound for any noise process along any hyperschedule: per position and step KL(q(x_s | x_t, x_0) ‖ q(x_s | x_t, x_0 = π)), or its
/// limit for short steps, with the network's prediction π of the clean token (MDLM, arXiv 2406.07524; BD3-LM, 2503.09573; UDLM, 2412.10193;
/// GIDD, 2503.04482; HDLM, 2504.06416).
/// </summary>
/// <param name="Setup">Noise, hyperschedule and view.</param>
/// <param name="Continuous">Whether steps are infinitely short; else they are those of the hyperschedule.</param>
public sealed record Nelbo(DiffusionSetup Setup, bool Continuous) : IBoundOfTimes
{
    /// <inheritdoc/>
    public string Name => Continuous ? "NELBO" : $"NELBO, {Setup.Hyperschedule.Depth} steps a position";

    /// <inheritdoc/>
    public bool IsExact => !Continuous && Setup.Hyperschedule.Depth == 1 && Setup.At(1).MaskProbability == 1;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(Setup.At(1).KullbackLeibler(Setup.Start, Setup.Vocabulary.TokenCount), Reconstruction: 0);

    /// <inheritdoc/>
    /// <remarks>Finite steps end in clean tokens; infinitely short ones end at σ(0).</remarks>
    public IObjective? Reconstruction => Continuous ? LastStep.Of(Setup) : null;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var noisy = NoisyBatch.Draw(Setup, batch, levels, Continuous, noise);
        return (network, device) => Of(network, noisy, device);
    }

    /// <inheritdoc/>
    public IBoundOfTimes In(DiffusionSetup setup) => this with { Setup = setup };

    /// <inheritdoc/>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device) =>
        PositionTerms.Evaluate(network, batch, PositionTerms.Of(Setup, batch), device);
}
