using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// Diffusion Forcing (arXiv 2407.01392) on masked tokens: Σ_i (1/t_i) 1{masked} CE_i, every position at a time t_i of its own under a
/// causal view.
/// </summary>
/// <remarks>
/// Not a bound on −ln p: a position is predicted from earlier ones that are masked half of the time. The likelihood is that of the network
/// as an autoregressive model, each position masked and all before it clean, which is exact.
/// </remarks>
/// <param name="Setup">Absorbing noise, the hyperschedule of generation, and a causal view.</param>
public sealed record DiffusionForcing(DiffusionSetup Setup) : IObjective
{
    private readonly MaskedNelbo training =
        new(Setup with { Hyperschedule = Hyperschedule.Independent(Setup.Hyperschedule.Length, Setup.Hyperschedule.Depth) });

    /// <inheritdoc cref="DiffusionForcing" path="/param"/>
    public DiffusionSetup Setup { get; } = Setup.View.Block == AttentionKind.Causal
        ? Setup
        : throw new ArgumentException($"the view is {Setup.View}, but a network that sees noisy tokens ahead is no autoregressive model",
            nameof(Setup));

    /// <inheritdoc/>
    public string Name => "masked cross-entropy, a level per token";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => ForLikelihood.Constants;

    /// <inheritdoc/>
    public IObjective ForLikelihood =>
        new Nelbo(Setup with { Hyperschedule = Hyperschedule.Autoregressive(Setup.Hyperschedule.Length) }, Continuous: false);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        training.PerPosition(network, batch, levels, noise, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise) => training.Draw(batch, levels, noise);
}
