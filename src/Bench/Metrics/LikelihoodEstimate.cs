using System.Collections.Immutable;

namespace Bench.Metrics;

/// <summary>−ln p per token, exact or bounded from above, over the sequences of an evaluation.</summary>
/// <param name="Diffusion">Nats per token without the two terms at the ends.</param>
/// <param name="StandardError">
/// Of the mean over sequences, in nats per token; it covers the choice of sequences and the draws in each.
/// </param>
/// <param name="DrawError">The part of it that comes from the draws alone, in nats per token; 0 where the value is exact.</param>
/// <param name="Prior">KL of the noisiest level from the prior, nats per token.</param>
/// <param name="Reconstruction">
/// Nats per token left at the cleanest level; where a network is asked for them, averaged over the same draws and inside the standard
/// error.
/// </param>
/// <param name="Sequences">How many.</param>
/// <param name="Length">Tokens in each.</param>
/// <param name="Draws">Stratified noise levels per sequence.</param>
public sealed record LikelihoodEstimate(
    double Diffusion, double StandardError, double DrawError, double Prior, double Reconstruction, int Sequences, int Length, int Draws)
{
    /// <summary>Tokens that were predicted: all, but where a part is given. What is per token is per one of these.</summary>
    public long Targets { get; init; } = (long)Sequences * Length;

    /// <summary>Nats per token of each sequence, averaged over its draws, nothing left out.</summary>
    public ImmutableArray<double> PerSequence { get; init; } = [];

    /// <summary>Nats per token, nothing left out.</summary>
    public double Nats => Diffusion + Prior + Reconstruction;

    /// <summary>Bits per token; bits per character where a token is one.</summary>
    public double Bits => Nats / Math.Log(2);

    /// <summary>Standard error of <see cref="Bits"/>.</summary>
    public double BitsError => StandardError / Math.Log(2);

    /// <summary>e^nats.</summary>
    public double Perplexity => Math.Exp(Nats);
}
