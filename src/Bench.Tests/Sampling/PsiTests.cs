using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>Predictor and corrector, against Bayes' rule state by state.</summary>
public sealed class PsiTests
{
    private const int N = 3;

    private static readonly double[] Prediction = [0.2, 0.5, 0.3];

    public static TheoryData<INoiseProcess> Processes() =>
        [new Absorbing(), new Uniform(), new GammaHybrid(0.3), new EpsilonHybrid(0.2), new Gidd(0.3), new ConstantMix(0.3), new Scdd(0.3)];

    [Theory, MemberData(nameof(Processes))]
    public void A_step_is_the_posterior_and_the_noisy_prediction_in_shares(INoiseProcess process)
    {
        foreach (double kappa in new[] { 0, 0.3, 1 })
        {
            foreach (var (before, after) in new[] { (0.4, 1.1), (0, 0.7) })
            {
                Marginal s = before == 0 ? Marginal.Clean : process.At(before), t = process.At(after);
                for (int xt = 0; xt < (t.Mask > 0 ? N + 1 : N); xt++)
                    Close.Assert(Expected(process.Chain, kappa, s, t, xt), Distribution(process, kappa, s, t, xt), 1e-12,
                        $"{process.Name}, kappa {kappa}, x_t = {xt}");
            }
        }
    }

    private static double[] Expected(Chain chain, double kappa, Marginal s, Marginal t, int xt)
    {
        var step = Transition.Between(s, t, chain);
        double Noisy(int y) => Enumerable.Range(0, N).Sum(j => Prediction[j] * s.Probability(y, j, N));
        double[] posterior = Normalised(y => step.Probability(xt, y, N) * Noisy(y), N + 1);
        double[] clean = Normalised(j => Prediction[j] * t.Probability(xt, j, N), N);
        return [.. Enumerable.Range(0, N + 1)
            .Select(y => (kappa * posterior[y]) + ((1 - kappa) * Enumerable.Range(0, N).Sum(j => clean[j] * s.Probability(y, j, N))))];
    }

    private static double[] Distribution(INoiseProcess process, double kappa, Marginal s, Marginal t, int xt)
    {
        var moment = new TokenState(EverySampler.Setup(process, Hyperschedule.Flat(3, 4)), 1, xt, s, t);
        var moves = new Psi(kappa).ProbabilitiesOf(moment);
        double[] distribution = [.. Prediction, 0];
        if (moves.Drawn > 0)
            new Psi(kappa).Weigh(distribution, moment, DecodingOptions.AsPredicted);
        double total = distribution.Sum();
        distribution = [.. distribution.Select(p => moves.Drawn * p / total)];
        distribution[N] += moves.Masked;
        distribution[xt] += 1 - moves.Masked - moves.Drawn;
        return distribution;
    }

    private static double[] Normalised(Func<int, double> weight, int count)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(weight)];
        return [.. weights.Select(w => w / weights.Sum())];
    }
}
