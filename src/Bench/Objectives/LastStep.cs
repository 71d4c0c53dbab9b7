using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// The step from the noise that is left at time 0 to clean tokens: E −ln p(x_0 | x_{0+}), all positions that are denoised together at once.
/// </summary>
/// <remarks>
/// Owed by continuous time where σ(0) &gt; 0, or where the process leaves tokens replaced at σ = 0 (HDLM's ε-hybrid, arXiv 2504.06416).
/// </remarks>
/// <param name="Setup">Noise, hyperschedule and view.</param>
public sealed record LastStep(DiffusionSetup Setup) : IObjective
{
    /// <inheritdoc/>
    public string Name => "reconstruction";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => default;

    private Marginal Left => Setup.Process.At(Setup.Schedule.Sigma(0));

    /// <summary>The step, or null where time 0 is clean.</summary>
    public static LastStep? Of(DiffusionSetup setup) => new LastStep(setup) is var step && step.Left == Marginal.Clean ? null : step;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Draw(batch, levels, noise)(network, device);

    /// <inheritdoc/>
    public DrawnLoss Draw(ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise)
    {
        var draw = Ends();
        Marginal[] marginals = [.. draw.Steps.Select(step => step < 0 ? Marginal.Clean : Left)];
        var tokens = new long[batch.Tokens.Length];
        for (int row = 0; row < batch.Rows; row++)
            Corruption.Draw(batch.Row(row), marginals, Setup.Vocabulary, noise, batch.Examples[row],
                tokens.AsSpan(row * batch.Length, batch.Length));
        var noisy = NoisyBatch.Of(Setup, batch, tokens, [.. Enumerable.Repeat(draw, batch.Rows)]);
        return (network, device) => Of(network, noisy, device);
    }

    /// <summary>Every position at the end of its own stretch of noise time.</summary>
    public LevelDraw Ends()
    {
        var drawn = Setup.Hyperschedule.Draw(level: 0.5, _ => 0.5, continuous: true);
        return drawn with { Times = [.. drawn.Times.Select(_ => 0.0)] };
    }

    /// <summary>The step's divergence for given noisy sequences.</summary>
    /// <returns>[B, L] nats.</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        var (tokens, vocabulary) = (batch.Tokens, Setup.Vocabulary);
        NelboTerm[] terms = [.. tokens.Select((xt, at) => !batch.IsTarget(at) ? default :
            NelboTerm.OfStep(Marginal.Clean, Left, Setup.Process.Chain, masked: xt == vocabulary.MaskId,
                unchanged: xt == batch.Clean.Tokens[at], vocabulary.TokenCount))];
        return PositionTerms.Evaluate(network, batch, terms, device);
    }
}
