using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>
/// The bound for any noise process along any hyperschedule: per position and step KL(q(x_s | x_t, x_0) ‖ q(x_s | x_t, x_0 = π)), or its limit for short
/// steps, with the network's prediction π of the clean token (MDLM, arXiv 2406.07524; BD3-LM, 2503.09573; UDLM, 2412.10193; GIDD, 2503.04482; HDLM, 2504.06416).
/// </summary>
/// <param name="Problem">Noise, hyperschedule and view.</param>
/// <param name="Continuous">Whether steps are infinitely short; else they are those of the hyperschedule.</param>
public sealed record Nelbo(Denoising Problem, bool Continuous) : IObjective
{
    /// <inheritdoc/>
    public string Name => Continuous ? "NELBO" : $"NELBO, {Problem.Path.Depth} steps a position";

    /// <inheritdoc/>
    public bool IsExact => !Continuous && Problem.Path.Depth == 1 && Problem.Process.At(Problem.Schedule.Sigma(1)).Mask == 1;

    /// <inheritdoc/>
    public ConstantTerms Constants => new(Problem.At(1).KullbackLeibler(Problem.Process.Prior, Problem.Words.Words), Reconstruction: 0);

    /// <inheritdoc/>
    public Tensor PerPosition(IDenoiser network, TokenBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
        Of(network, NoisyBatch.Draw(Problem, batch, levels, Continuous, noise), device);

    /// <summary>The bound's estimate from given noisy sequences.</summary>
    /// <returns>[B, L] nats.</returns>
    public Tensor Of(IDenoiser network, NoisyBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var terms = Terms(batch);
        int[] wanted = [.. Enumerable.Range(0, terms.Length).Where(i => !terms[i].Vanishes)];
        var logits = batch.Logits(network, wanted, device);                                               // [M, V]
        var nats = Expectation.Of(logits, Array.ConvertAll(wanted, i => terms[i]), Pick(batch.Clean.Tokens), Pick(batch.Tokens)); // [M]
        return zeros([terms.Length], nats.dtype, device).scatter(0, tensor(Array.ConvertAll(wanted, i => (long)i), device: device), nats)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        long[] Pick(long[] tokens) => Array.ConvertAll(wanted, i => tokens[i]);
    }

    private NelboTerm[] Terms(NoisyBatch batch)
    {
        var (process, words) = (Problem.Process, Problem.Words);
        var terms = new NelboTerm[batch.Tokens.Length];
        for (int at = 0; at < terms.Length; at++)
        {
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            var snapshot = batch.Snapshots[row];
            if (snapshot.Steps[i] < 0)
                continue;
            bool masked = batch.Tokens[at] == words.MaskId, unchanged = batch.Tokens[at] == batch.Clean.Tokens[at];
            double time = snapshot.Times[i];
            var now = Problem.At(time);
            terms[at] = snapshot.Next is { } next
                ? snapshot.Weight * NelboTerm.OfStep(Problem.At(next[i]), now, process.Chain, masked, unchanged, words.Words)
                : (snapshot.Weight * Problem.Schedule.Rate(time)) * NelboTerm.OfRate(now, process.RatesAt(Problem.Schedule.Sigma(time)), masked, unchanged, words.Words);
        }

        return terms;
    }
}
