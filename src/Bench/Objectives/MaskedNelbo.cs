using Bench.Data;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>MDLM's bound (arXiv 2406.07524, equation 10): ∫ σ'/(e^σ − 1) E Σ_masked −ln p(x_i | x_t) dt, and its T-step sum (equation 7).</summary>
/// <remarks>
/// With a schedule that reaches full masking (<see cref="LogLinear"/> with ε = 0) nothing is left out: prior and reconstruction terms are zero,
/// and the value does not depend on the schedule. With ε &gt; 0 the prior term is infinite: a point-mass prior against clean tokens.
/// </remarks>
/// <param name="Words">The vocabulary.</param>
/// <param name="Schedule">σ(t).</param>
/// <param name="Steps">T, or null for continuous time.</param>
public sealed record MaskedNelbo(Vocabulary Words, INoiseSchedule Schedule, int? Steps = null) : IObjective
{
    private readonly Absorbing process = new();

    /// <inheritdoc/>
    public string Name => Steps is { } steps ? $"masked NELBO, {steps} steps" : "masked NELBO";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(
        process.At(Schedule.Sigma(1)).KullbackLeibler(((INoiseProcess)process).Prior, Words.Words),
        Reconstruction: 0); // no position is noisy at t = 0, and a visible token is copied

    /// <summary>The time that a level stands for: itself, or in T steps the end of its step.</summary>
    public double Time(double level) => Steps is { } steps ? Math.Min(steps, Math.Floor(level * steps) + 1) / steps : level;

    /// <summary>The weight of a masked token's cross-entropy at time t.</summary>
    public double Weight(double t)
    {
        if (Steps is not { } steps)
            return Schedule.MaskedWeight(t);
        // T times the share of masked tokens that step t → t − 1/T reveals: (u_t − u_s)/u_t, the KL per masked token over its cross-entropy.
        double after = Schedule.Jumped(t), before = Schedule.Jumped(t - (1.0 / steps));
        return steps * (after - before) / after;
    }

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device)
    {
        using var scope = NewDisposeScope();
        Require.Length(levels.Length, batch.Rows);
        var xt = new long[batch.Tokens.Length];
        var sigma = new double[batch.Rows];
        List<long> masked = [];   // M positions of the B·L
        List<double> weights = []; // M
        for (int row = 0; row < batch.Rows; row++)
        {
            double t = Time(levels[row]);
            sigma[row] = Schedule.Sigma(t);
            int start = row * batch.Length;
            Corruption.Draw(batch.Row(row), process.At(sigma[row]), Words, noise, batch.Examples[row], xt.AsSpan(start, batch.Length));
            for (int i = start; i < start + batch.Length; i++)
            {
                if (xt[i] != Words.MaskId)
                    continue;
                masked.Add(i);
                weights.Add(Weight(t));
            }
        }

        var positions = tensor([.. masked], device: device);                                     // [M]
        var targets = tensor([.. masked.Select(i => batch.Tokens[i])], device: device);          // [M]
        var logits = network.Logits(tensor(xt, [batch.Rows, batch.Length], device: device), tensor(sigma, device: device), positions);
        var surprise = Substitution.AtMasked(logits, Words.MaskId).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg(); // [M]
        var weighted = surprise * tensor([.. weights], surprise.dtype, device);
        return zeros([batch.Tokens.Length], surprise.dtype, device).scatter(0, positions, weighted)
            .view(batch.Rows, batch.Length).MoveToOuterDisposeScope();                           // [B, L]
    }
}
