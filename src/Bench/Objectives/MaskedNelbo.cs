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
/// <param name="TellsNoise">Whether the denoiser is given σ. At masked positions the best prediction does not depend on it, so by default it is not.</param>
/// <param name="Masking">Which positions of an example are masked.</param>
public sealed record MaskedNelbo(
    Vocabulary Words, INoiseSchedule Schedule, int? Steps = null, bool TellsNoise = false, Masking Masking = Masking.Independent) : IObjective
{
    private readonly Absorbing process = new();

    /// <inheritdoc/>
    public string Name => Steps is { } steps ? $"masked NELBO, {steps} steps" : "masked NELBO";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(
        process.At(Schedule.Sigma(1)).KullbackLeibler(((INoiseProcess)process).Prior, Words.Words),
        Reconstruction: Schedule.Jumped(0) == 0 ? 0 : double.PositiveInfinity); // nothing noisy at t = 0, and visible tokens are copied; else it was not measured

    /// <inheritdoc/>
    /// <remarks>In continuous time, where the denoiser knows no time, by the number of masked positions: the bound is Σ_n E CE(S_n)/n over random sets S_n of n positions, and n has no variance left.</remarks>
    public IObjective ForLikelihood => Steps is null && !TellsNoise ? this with { Schedule = new LogLinear(0), Masking = Masking.ExactCount } : this;

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
        Require.Length(levels.Length, batch.Rows);
        var xt = new long[batch.Tokens.Length];
        var (sigma, weights) = (new double[batch.Rows], new double[batch.Rows]);
        for (int row = 0; row < batch.Rows; row++)
        {
            sigma[row] = Schedule.Sigma(Time(levels[row]));
            weights[row] = Mask(batch.Row(row), levels[row], noise, batch.Examples[row], xt.AsSpan(row * batch.Length, batch.Length));
        }

        return Weighted(network, batch, xt, sigma, weights, device);
    }

    /// <summary>The weighted cross-entropy of the masked positions of given noisy sequences.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="batch">B clean examples of L tokens.</param>
    /// <param name="xt">B·L noisy tokens.</param>
    /// <param name="sigma">B total noises.</param>
    /// <param name="weights">B weights of a masked position.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[B, L] nats; zero where nothing is masked.</returns>
    public Tensor Weighted(IDenoiser network, TokenBatch batch, long[] xt, double[] sigma, double[] weights, Device device)
    {
        using var scope = NewDisposeScope();
        long[] masked = [.. Enumerable.Range(0, xt.Length).Where(i => xt[i] == Words.MaskId)];
        var positions = tensor(masked, device: device);                                            // [M]
        var targets = tensor(Array.ConvertAll(masked, i => batch.Tokens[i]), device: device);      // [M]
        var noisy = tensor(xt, [batch.Rows, batch.Length], device: device);                        // [B, L]
        var logits = network.Logits(noisy, TellsNoise ? tensor(sigma, device: device) : null, positions);               // [M, V]
        var surprise = Substitution.AtMasked(logits, Words.MaskId).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg(); // [M]
        var weighted = surprise * tensor(Array.ConvertAll(masked, i => weights[i / batch.Length]), surprise.dtype, device);
        return zeros([xt.Length], surprise.dtype, device).scatter(0, positions, weighted)
            .view(batch.Rows, batch.Length).MoveToOuterDisposeScope();
    }

    // Fills in the noisy row and returns what each of its masked positions counts.
    private double Mask(ReadOnlySpan<long> x0, double level, RandomStream noise, long example, Span<long> xt)
    {
        if (Masking == Masking.Independent)
        {
            double t = Time(level);
            var marginals = new Marginal[x0.Length];
            Array.Fill(marginals, process.At(Schedule.Sigma(t)));
            Corruption.Draw(x0, marginals, Words, noise, example, xt);
            return Weight(t);
        }

        int count = Math.Min(x0.Length, (int)(level * x0.Length) + 1);
        x0.CopyTo(xt);
        foreach (int i in noise.Permutation(x0.Length, example).AsSpan(0, count))
            xt[i] = Words.MaskId;
        return (double)x0.Length / count;
    }
}
