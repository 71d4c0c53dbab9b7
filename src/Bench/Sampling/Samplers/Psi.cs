using Bench.Noise;
using Bench.Numerics;

namespace Bench.Sampling.Samplers;

/// <summary>
/// Predictor and corrector in one: κ q(x_s | x_t, x_0 = π) + (1 − κ) q(x_s | x_0), x_0 from the distribution of the clean token given its
/// own observation (Ψ-samplers, arXiv 2602.21185), for any noise process.
/// </summary>
/// <remarks>For absorbing noise, κ = 1 − σ/(1 − α_s) is <see cref="Remasking"/> at the rate σ.</remarks>
/// <param name="Kappa">κ in [0, 1]; 1 is <see cref="Ancestral"/>.</param>
public sealed record Psi(double Kappa) : ITokenwise
{
    private static readonly Ancestral Predictor = new();

    /// <inheritdoc cref="Psi" path="/param"/>
    public double Kappa { get; } = Require.UnitInterval(Kappa);

    /// <inheritdoc/>
    public string Name => $"psi {Kappa}";

    /// <inheritdoc/>
    public MoveProbabilities ProbabilitiesOf(TokenState moment)
    {
        var (predicted, again) = (Predictor.ProbabilitiesOf(moment), (1 - Kappa) * (1 - moment.S.MaskProbability));
        // A token that is right for sure is masked again or stays.
        bool open = moment.IsMasked || moment.S.MayReplace || moment.T.MayReplace;
        return new(moment.IsMasked ? 0 : (1 - Kappa) * moment.S.MaskProbability, (Kappa * predicted.Drawn) + (open ? again : 0));
    }

    /// <inheritdoc/>
    public void Weigh(Span<double> distribution, TokenState moment, DecodingOptions decoding)
    {
        if (moment.IsMasked || Kappa == 1)
        {
            Predictor.Weigh(distribution, moment, decoding); // both parts draw the token from one distribution
            return;
        }

        int tokenCount = distribution.Length - 1;
        double[] clean = Scores.PosteriorOf(distribution[..tokenCount], moment.T, (int)moment.Token);
        decoding.Apply(clean, moment.Settles);
        double predicted = Kappa * Predictor.ProbabilitiesOf(moment).Drawn;
        if (predicted > 0)
            Predictor.Weigh(distribution, moment, decoding);
        else
            distribution.Clear();
        double total = 0;
        foreach (double weight in distribution)
            total += weight;
        for (int y = 0; y <= tokenCount; y++)
        {
            distribution[y] *= predicted > 0 ? predicted / total : 0;
            distribution[y] += y < tokenCount ? (1 - Kappa) * moment.S.TokenProbability(clean[y], tokenCount) : 0;
        }
    }
}
