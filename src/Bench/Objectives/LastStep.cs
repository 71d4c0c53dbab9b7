using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>The step from the noise that is left at time 0 to clean tokens: E −ln p(x_0 | x_{0+}), all positions that are denoised together at once.</summary>
/// <remarks>Owed by continuous time where σ(0) &gt; 0, or where the process leaves words exchanged at σ = 0 (HDLM's ε-hybrid, arXiv 2504.06416).</remarks>
/// <param name="Problem">Noise, hyperschedule and view.</param>
public sealed record LastStep(Denoising Problem) : IObjective
{
    /// <inheritdoc/>
    public string Name => "reconstruction";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => default;

    private Marginal Left => Problem.Process.At(Problem.Schedule.Sigma(0));

    /// <summary>The step, or null where time 0 is clean.</summary>
    public static LastStep? Of(Denoising problem) => new LastStep(problem) is var step && step.Left == Marginal.Clean ? null : step;

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        var snapshot = Ends();
        Marginal[] marginals = [.. snapshot.Steps.Select(step => step < 0 ? Marginal.Clean : Left)];
        var tokens = new long[batch.Tokens.Length];
        for (int row = 0; row < batch.Rows; row++)
            Corruption.Draw(batch.Row(row), marginals, Problem.Words, noise, batch.Examples[row], tokens.AsSpan(row * batch.Length, batch.Length));
        return Of(network, NoisyBatch.Of(Problem, batch, tokens, [.. Enumerable.Repeat(snapshot, batch.Rows)]), device);
    }

    /// <summary>Every position at the end of its own stretch of noise time.</summary>
    public Snapshot Ends()
    {
        var drawn = Problem.Path.Draw(level: 0.5, _ => 0.5, continuous: true);
        return drawn with { Times = [.. drawn.Times.Select(_ => 0.0)] };
    }

    /// <summary>The step's divergence for given noisy sequences.</summary>
    /// <returns>[B, L] nats.</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        var (tokens, words) = (batch.Tokens, Problem.Words);
        NelboTerm[] terms = [.. tokens.Select((xt, at) => batch.Snapshots[at / batch.Clean.Length].Steps[at % batch.Clean.Length] < 0 ? default :
            NelboTerm.OfStep(Marginal.Clean, Left, Problem.Process.Chain, masked: xt == words.MaskId, unchanged: xt == batch.Clean.Tokens[at], words.Words))];
        return PositionTerms.Evaluate(network, batch, terms, device);
    }
}
