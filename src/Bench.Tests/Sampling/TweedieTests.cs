using Bench.Noise;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Xunit;

namespace Bench.Tests.Sampling;

/// <summary>The analytic step against Bayes' rule.</summary>
public sealed class TweedieTests
{
    private const int N = 4;

    private static readonly double[] Prediction = [0.1, 0.25, 0.4, 0.25];

    public static TheoryData<INoiseProcess, double, double> Steps()
    {
        var data = new TheoryData<INoiseProcess, double, double>();
        foreach (INoiseProcess process in new INoiseProcess[] { new Absorbing(), new Uniform(), new GammaHybrid(0.01),
            new GammaHybrid(0.5) })
        {
            data.Add(process, 0.3, 0.8);
            data.Add(process, 0, 0.8);
            data.Add(process, 2, 6);
        }

        return data;
    }

    [Theory, MemberData(nameof(Steps))]
    public void With_the_exact_scores_it_is_the_posterior(INoiseProcess process, double before, double after)
    {
        Marginal s = process.At(before), t = process.At(after);
        var step = t.Since(s);
        for (int xt = 0; xt < (t.Mask > 0 ? N + 1 : N); xt++)
        {
            double[] joint = [.. Enumerable.Range(0, N + 1).Select(y => step.Probability(xt, y, N) * Noisy(s, y))];
            Close.Assert([.. joint.Select(p => p / joint.Sum())], Distribution(Scores.OfPrediction(Prediction, t, xt), xt, s, t), 1e-11,
                $"x_t = {xt}");
        }
    }

    [Fact]
    public void For_absorbing_noise_it_is_the_ancestral_step_of_MDLM()
    {
        Marginal s = new Absorbing().At(0.3), t = new Absorbing().At(0.8);
        double[] scores = [.. Prediction.Select(p => p / (Math.Exp(0.8) - 1)), 1];
        double stays = Posterior.Of(s, t, Chain.MaskAbsorbs, masked: true, unchanged: false, N).Mask;
        Close.Assert([.. Prediction.Select(p => (1 - stays) * p), stays], Distribution(scores, N, s, t), 1e-13);
    }

    [Fact]
    public void HDLM_posteriors_lead_to_the_published_step()
    {
        // N = 5, γ = 0.1, σ from 0.7 to 0.4.
        var process = new GammaHybrid(0.1);
        double[] posterior = [0.1, 0.2, 0.4, 0.2, 0.1];
        foreach (var (xt, expected) in new (int, double[])[]
        {
            (5, [0.03670402, 0.07063827, 0.13850677, 0.07063827, 0.03670402, 0.64680867]),
            (1, [0.04475390, 0.65297835, 0.17075844, 0.08675541, 0.04475390, 0]),
        })
        {
            Close.Assert(expected, Distribution(Scores.OfPosterior(posterior, process.At(0.7), xt), xt, process.At(0.4), process.At(0.7)),
                1e-8, $"x_t = {xt}");
        }
    }

    [Fact]
    public void A_masked_token_of_inexact_scores_still_has_weights_that_sum_to_one()
    {
        double[] distribution = [0.4, 0.5, 0.1, 0.3, 0]; // 1.3 in all: it is revealed too often
        Tweedie.Weigh(distribution, N, new GammaHybrid(0.2).At(0.3), new GammaHybrid(0.2).At(0.8));
        Assert.Equal(1, distribution.Sum(), 1e-13);
    }

    private static double Noisy(Marginal marginal, int y) =>
        y == N ? marginal.Mask : (marginal.Keep * Prediction[y]) + (marginal.Uniform / N);

    private static double[] Distribution(double[] scores, int xt, Marginal s, Marginal t)
    {
        int tokenCount = scores.Length - 1;
        double ratio = xt == tokenCount ? t.Mask / (t.Keep + t.Uniform) : 1;
        double[] distribution = [.. scores.Select(score => score * ratio)];
        Tweedie.Weigh(distribution, xt, s, t);
        return distribution;
    }
}
