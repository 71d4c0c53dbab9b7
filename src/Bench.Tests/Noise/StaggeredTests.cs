using Bench.Noise;
using Bench.Reference.Sampling;
using Bench.Sampling;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>Earlier scores against distributions over all states.</summary>
public sealed class StaggeredTests
{
    private const int N = 5;

    private static readonly double[] Distribution = [0.1, 0.2, 0.4, 0.2, 0.1];

    public static TheoryData<INoiseProcess> Processes() => ScoreTermTests.Processes();

    [Theory, MemberData(nameof(Processes))]
    public void With_the_true_scores_the_analytic_step_is_Bayes_rule(INoiseProcess process)
    {
        foreach (var (earlier, later) in new[] { (0.0, 0.4), (0.4, 0.7), (0.7, 3.0) })
        {
            var (s, t) = (process.At(earlier), process.At(later));
            var step = Transition.Between(s, t, process.Chain);
            double[] before = Noisy(s), now = Noisy(t);
            for (int xt = 0; xt <= N; xt++)
            {
                if (now[xt] == 0)
                    continue;
                double[] staggered = Apply(Staggered.Of(step.Token, N), [.. now.Select(q => q / now[xt])]);
                Close.Assert([.. before.Select(q => q / now[xt])], staggered, 1e-10, "q_s(y)/q_t(x_t)");
                double[] reverse = [.. staggered.Select((g, y) => g * step.Probability(xt, y, N))];
                Close.Assert(1, reverse.Sum(), 1e-11);
                double[] expected = [.. Distribution, 0];
                double stays = xt < N ? 0 : Posterior.Of(s, t, process.Chain, masked: true, unchanged: false, N).Mask;
                ReverseDistribution.Weigh(expected, xt, s, t, process.Chain);
                double total = expected.Sum() / (1 - stays);
                Close.Assert(
                    [.. expected.Select((p, y) => (total == 0 ? 0 : p / total) + (y == N ? stays : 0))], reverse, 1e-11,
                    $"{earlier} ← {later}, x_t = {xt}");
            }
        }
    }

    // γ = 0.1, a prediction (.1, .2, .4, .2, .1) of x_0 given x_t, from σ = 0.7 to 0.4.
    [Theory]
    [InlineData(N, new[] { 0.12164919, 0.22789151, 0.44037615, 0.22789151, 0.12164919, 1 },
        new[] { 0.03670402, 0.07063827, 0.13850677, 0.07063827, 0.03670402, 0.64680867 })]
    [InlineData(1, new[] { 7.69863244, 1, 28.38595315, 14.59440601, 7.69863244, 0 },
        new[] { 0.04475390, 0.65297835, 0.17075844, 0.08675541, 0.04475390, 0 })]
    public void The_worked_example_of_the_gamma_hybrid_holds(int xt, double[] scores, double[] reverse)
    {
        var process = new GammaHybrid(0.1);
        var (s, t) = (process.At(0.4), process.At(0.7));
        // Without the position's own observation the prediction is this one.
        double[] distribution = [.. Distribution.Select((p, x0) => p / t.Probability(xt, x0, N))];
        distribution = [.. distribution.Select(p => p / distribution.Sum())];
        double here = xt == N ? t.Mask : (t.Keep * distribution[xt]) + (t.Uniform / N);
        double[] found = [.. distribution.Select(p => ((t.Keep * p) + (t.Uniform / N)) / here), xt == N ? 1 : 0];
        Close.Assert(scores, found, 1e-8);

        var step = Transition.Between(s, t, process.Chain);
        double[] staggered = Apply(Staggered.Of(step.Token, N), found);
        if (xt == N)
            Close.Assert([0.15511765, 0.29852978, 0.58535403, 0.29852978, 0.15511765, 0.64680867], staggered, 1e-8);
        Close.Assert(reverse.AsSpan(0, N), [.. staggered.Take(N).Select((g, y) => g * step.Probability(xt, y, N))], 1e-8);
        Close.Assert(reverse[N], xt == N ? staggered[N] : 0, 1e-8);
    }

    [Theory, InlineData(0.0, true), InlineData(1.0, true), InlineData(0.1, false)]
    public void The_released_step_is_exact_without_a_mix_and_to_first_order_with_one(double gamma, bool exactly)
    {
        double Off(double delta)
        {
            var (exact, released) = (Staggered.Of(new GammaHybrid(gamma).At(delta), N), ReleasedStaggered.Of(gamma, delta, N));
            return new[] { exact.Own - released.Own, exact.Tokens - released.Tokens, exact.Mask - released.Mask }.Max(Math.Abs);
        }

        if (exactly)
            Close.Assert(0, Off(0.9), 1e-14);
        else
            Assert.InRange(Off(0.02) / Off(0.01), 3.9, 4.1); // twice the step, four times the error
    }

    [Fact]
    public void A_step_that_keeps_nothing_cannot_be_undone() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Staggered.Of(((INoiseProcess)new Absorbing()).Prior, N));

    /// <summary>Earlier scores of tokens and mask.</summary>
    internal static double[] Apply(Staggered staggered, ReadOnlySpan<double> scores)
    {
        double sum = 0;
        foreach (double score in scores[..^1])
            sum += score;
        var earlier = new double[scores.Length];
        for (int y = 0; y < scores.Length - 1; y++)
            earlier[y] = (staggered.Own * scores[y]) + (staggered.Tokens * sum);
        earlier[^1] = scores[^1] + (staggered.Mask * sum);
        return earlier;
    }

    private static double[] Noisy(Marginal marginal) =>
        [.. Distribution.Select(p => (marginal.Keep * p) + (marginal.Uniform / N)), marginal.Mask];
}
