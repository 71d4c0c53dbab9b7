using Bench.Backbone;
using Bench.Numerics;
using Bench.Reference.Objectives;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Reference.Metrics;

/// <summary>
/// Zero-shot likelihoods as HDLM's public code (arXiv 2504.06416) estimates them for an aligned network, for faithful comparison. The mask
/// is a class that takes probability like any other, so both are above what the same network is measured at here.
/// </summary>
public static class ReleasedZeroShot
{
    /// <summary>
    /// −ln p of a sequence by the chain rule: all from a token on masked, one row a token. The first token is given, not scored.
    /// </summary>
    public static double Chain(IDenoiser network, long[] sequence, long maskId, Device device)
    {
        using var scope = NewDisposeScope();
        int length = sequence.Length, rows = length - 1;
        long[] tokens = [.. Enumerable.Range(1, rows).SelectMany(known => sequence.Select((token, i) => i < known ? token : maskId))];
        // In row r, position r + 1 is the first masked one.
        long[] wanted = [.. Enumerable.Range(0, rows).Select(row => ((long)row * length) + row + 1)];
        // [L − 1, V]
        var logits = network.Logits(tensor(tokens, [rows, length], device: device), sigma: null, tensor(wanted, device: device));
        return ReleasedHybridLoss.CrossEntropy(logits, tensor(sequence[1..], device: device)).sum().to(float64).ToDouble();
    }

    /// <summary>
    /// The masked bound's estimate from given draws: in each of B copies, at stratified masked shares p, the cross-entropy of masked tokens
    /// over p. The first token counts.
    /// </summary>
    /// <param name="network">Aligned; asked once in each round that masks something.</param>
    /// <param name="sequence">L tokens.</param>
    /// <param name="maskId">The mask.</param>
    /// <param name="least">The least masked share.</param>
    /// <param name="rounds">For each round one number in (0, 1) that places the B strata, and B·L that mask where they are below p.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>Nats, the mean over the rounds in which anything is masked: the authors skip the others, which is too much for short
    /// sequences. NaN where there is none.</returns>
    public static double MonteCarlo(
        IDenoiser network, long[] sequence, long maskId, double least, IReadOnlyCollection<(double Place, double[] Masking)> rounds,
        Device device)
    {
        using var scope = NewDisposeScope();
        return rounds.Select(round => Round(network, sequence, maskId, least, round.Place, round.Masking, device)).OfType<double>()
            .DefaultIfEmpty(double.NaN).Average();
    }

    // Null where nothing is masked.
    private static double? Round(IDenoiser network, long[] sequence, long maskId, double least, double place, double[] masking,
        Device device)
    {
        int length = sequence.Length, rows = Math.DivRem(masking.Length, length, out int rest);
        Require.Length(rest, 0);
        double[] shares = [.. Enumerable.Range(0, rows).Select(row => least + ((1 - least) * ((place + ((double)row / rows)) % 1)))];
        bool[] masked = [.. masking.Select((u, at) => u < shares[at / length])];
        if (!masked.Contains(true))
            return null;
        long[] clean = [.. Enumerable.Range(0, rows).SelectMany(_ => sequence)];
        long[] tokens = [.. clean.Select((token, at) => masked[at] ? maskId : token)];
        double[] weights = [.. masked.Select((hidden, at) => hidden ? 1 / shares[at / length] : 0)];
        // [B, L, V].
        var logits = network.Logits(tensor(tokens, [rows, length], device: device), sigma: null);
        // [B, L].
        var nats = ReleasedHybridLoss.CrossEntropy(logits, tensor(clean, [rows, length], device: device)).to(float64);
        return (nats * tensor(weights, [rows, length], device: device)).sum().ToDouble() / rows;
    }
}
