using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>Predictions, posteriors and scores of one position, against sums over its clean tokens.</summary>
public sealed class ScoresTests
{
    private const int N = 4;

    private static readonly double[] Prediction = [0.1, 0.25, 0.4, 0.25];

    // HDLM's numbers: N = 5, γ = 0.1, σ = 0.7.
    private static readonly double[] HdlmPosterior = [0.1, 0.2, 0.4, 0.2, 0.1];

    public static TheoryData<Marginal> Marginals() =>
        new() { new Absorbing().At(0.8), new Uniform().At(0.8), new GammaHybrid(0.3).At(0.8), new(0.2, 0.5, 0.3) };

    [Theory, MemberData(nameof(Marginals))]
    public void Scores_of_a_prediction_are_ratios_of_the_noisy_distribution(Marginal t)
    {
        double[] noisy =
            [.. Enumerable.Range(0, N + 1).Select(y => Enumerable.Range(0, N).Sum(j => Prediction[j] * t.Probability(y, j, N)))];
        foreach (int xt in Visible(t))
            Close.Assert([.. noisy.Select(p => p / noisy[xt])], Scores.OfPrediction(Prediction, t, xt), 1e-13, $"x_t = {xt}");
    }

    [Theory, MemberData(nameof(Marginals))]
    public void A_posterior_is_Bayes_rule_and_has_the_scores_of_its_prediction(Marginal t)
    {
        foreach (int xt in Visible(t))
        {
            double[] joint = [.. Prediction.Select((p, j) => p * t.Probability(xt, j, N))];
            double[] posterior = Scores.PosteriorOf(Prediction, t, xt);
            Close.Assert([.. joint.Select(p => p / joint.Sum())], posterior, 1e-13, $"posterior at x_t = {xt}");
            if (t.Uniform > 0 || xt == N)
                Close.Assert(Scores.OfPrediction(Prediction, t, xt), Scores.OfPosterior(posterior, t, xt), 1e-12, $"scores at x_t = {xt}");
        }
    }

    [Theory, MemberData(nameof(Marginals))]
    public void A_prediction_returns_from_its_scores_and_from_its_posterior(Marginal t)
    {
        foreach (int xt in Visible(t))
        {
            Close.Assert(Prediction, Scores.Prediction(Scores.OfPrediction(Prediction, t, xt), t, N)!, 1e-12, $"from scores at x_t = {xt}");
            if (t.Uniform > 0 || xt == N)
                Close.Assert(Prediction, Scores.PredictionOf(Scores.PosteriorOf(Prediction, t, xt), t, xt), 1e-12,
                    $"from the posterior at x_t = {xt}");
        }
    }

    [Fact]
    public void An_unmasked_token_of_absorbing_noise_is_certain_and_determines_neither_prediction_nor_scores()
    {
        var t = new Absorbing().At(0.8);
        Assert.Equal([0, 1, 0, 0], Scores.PosteriorOf(Prediction, t, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores.PredictionOf([0.1, 0.4, 0.25, 0.25], t, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores.OfPosterior([0, 1, 0, 0], t, 1));
    }

    [Fact]
    public void Scores_below_the_uniform_floor_belong_to_no_prediction() =>
        Assert.Null(Scores.Prediction([1, 0.01, 1, 1], new Uniform().At(0.8), N));

    [Fact]
    public void Scores_of_HDLM_posteriors_are_the_published_derivation()
    {
        var t = new GammaHybrid(0.1).At(0.7);
        Close.Assert([0.12164919, 0.22789151, 0.44037615, 0.22789151, 0.12164919, 1], Scores.OfPosterior(HdlmPosterior, t, 5), 1e-8);
        Close.Assert([7.69863244, 1, 28.38595315, 14.59440601, 7.69863244], Scores.OfPosterior(HdlmPosterior, t, 1).AsSpan(0, 5), 1e-8);
    }

    private static IEnumerable<int> Visible(Marginal t) => Enumerable.Range(0, t.Mask > 0 ? N + 1 : N);
}
