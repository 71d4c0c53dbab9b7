using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>The terms of the bound against sums over all states.</summary>
public sealed class NelboTermTests
{
    private const int N = 4;

    private static readonly double[] Distribution = [0.1, 0.25, 0.4, 0.25];

    // Marginals of a chain at two times, the cleaner one first.
    public static TheoryData<Marginal, Marginal, Chain> Steps() => new()
    {
        { new(0.6, 0, 0.4), new(0.2, 0, 0.8), Chain.MaskAbsorbs },
        { Marginal.Clean, new(0.3, 0, 0.7), Chain.MaskAbsorbs },
        { new(0.6, 0.4, 0), new(0.2, 0.8, 0), Chain.MaskAbsorbs },
        { Marginal.Clean, new(0.5, 0.3, 0.2), Chain.MaskAbsorbs },
        { new(0.6, 0.1, 0.3), new Marginal(0.6, 0.1, 0.3).Then(new(0.5, 0.2, 0.3)), Chain.MaskAbsorbs },
        { new(0.6, 0.1, 0.3), new(0.3, 0.15, 0.55), Chain.CommonDirection },
        { Marginal.Clean, new(0.3, 0.15, 0.55), Chain.CommonDirection },
    };

    [Theory, MemberData(nameof(Steps))]
    public void A_step_is_the_divergence_of_the_two_posteriors(Marginal s, Marginal t, Chain chain)
    {
        var step = Transition.Between(s, t, chain);
        foreach (var (x0, xt) in Pairs(t))
        {
            double[] truth = Posterior(y => s.Probability(y, x0, N), xt), guess = Posterior(y => Noisy(s, y), xt);
            double divergence = truth.Zip(guess, (p, q) => p == 0 ? 0 : p * Math.Log(p / q)).Sum();
            Close.Assert(divergence, Value(NelboTerm.OfStep(s, t, chain, xt == N, xt == x0, N), Distribution, x0, xt), 1e-12,
                $"x_0 = {x0}, x_t = {xt}");
        }

        double[] Posterior(Func<int, double> before, int xt)
        {
            double[] joint = [.. Enumerable.Range(0, N + 1).Select(y => step.Probability(xt, y, N) * before(y))];
            return [.. joint.Select(p => p / joint.Sum())];
        }
    }

    public static TheoryData<Marginal, JumpRates> Rates() => new()
    {
        { new(0.3, 0, 0.7), new(0, 1) },
        { new(0.3, 0.7, 0), new(1, 0) },
        { new(0.3, 0.2, 0.5), new(0.4, 0.6) },
        { new(0.3, 0.2, 0.5), new(0, 1) },
        { new(0.3, 0.2, 0.5), new(0.4, 0.6, 0.4) },
        { new(0.3, 0.2, 0.5), new(0.3, 0.9, 0.25) },
    };

    [Theory, MemberData(nameof(Rates))]
    public void A_rate_is_the_score_entropy_of_the_two_distributions(Marginal t, JumpRates rates)
    {
        foreach (var (x0, xt) in Pairs(t))
        {
            double entropy = 0;
            for (int y = 0; y <= N; y++)
            {
                double rate = xt == N ? rates.Mask : y == N ? rates.Unmask / N : rates.Uniform / N; // from y into x_t
                double truth = t.Probability(y, x0, N) / t.Probability(xt, x0, N), guess = Noisy(t, y) / Noisy(t, xt);
                if (y != xt && rate > 0)
                    entropy += rate
                        * (guess - (truth == 0 ? 0 : truth * Math.Log(guess)) + (truth == 0 ? 0 : truth * (Math.Log(truth) - 1)));
            }

            Close.Assert(entropy, Value(NelboTerm.OfRate(t, rates, xt == N, xt == x0, N), Distribution, x0, xt), 1e-12,
                $"x_0 = {x0}, x_t = {xt}");
        }
    }

    private static IEnumerable<(int X0, int Xt)> Pairs(Marginal t) =>
        from x0 in Enumerable.Range(0, N)
        from xt in Enumerable.Range(0, N + 1)
        where t.Probability(xt, x0, N) > 0
        select (x0, xt);

    private static double Noisy(Marginal marginal, int y) =>
        y == N ? marginal.Mask : (marginal.Keep * Distribution[y]) + (marginal.Uniform / N);

    /// <summary>A term at a distribution π over the tokens.</summary>
    internal static double Value(NelboTerm term, double[] distribution, int x0, int xt)
    {
        int tokenCount = distribution.Length;
        double H(double kappa, int y) => Math.Log(1 + (kappa * ((tokenCount * distribution[y]) - 1)));
        double current = xt == tokenCount ? 0 : H(term.Before, xt), evidence = xt == tokenCount ? 0 : H(term.Now, xt);
        return term.Constant + (term.Clean * H(term.Before, x0)) + (term.Current * current)
            + (term.Every * Enumerable.Range(0, tokenCount).Sum(y => H(term.Before, y)))
            + (term.Evidence * evidence) + (term.Inverse * Math.Exp(-evidence));
    }
}
