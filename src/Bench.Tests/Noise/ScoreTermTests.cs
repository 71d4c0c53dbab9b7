using Bench.Noise;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>The score entropy against its definition.</summary>
public sealed class ScoreTermTests
{
    private const int N = 5;

    private static readonly double[] LogScores = [0.1, -0.2, 0.3, 0.0, -0.1];

    public static TheoryData<INoiseProcess> Processes() =>
        [.. EveryProcess.Types.SelectMany(EveryProcess.Of).Where(process => process.Chain == Chain.MaskAbsorbs)];

    [Theory, MemberData(nameof(Processes))]
    public void It_is_the_sum_over_all_jumps_into_the_token(INoiseProcess process)
    {
        foreach (var (sigma, x0, xt) in Situations(process))
        {
            var (t, into) = (process.At(sigma), Chains.Generator(process.RatesAt(sigma), N).Row(xt));
            double entropy = 0;
            for (int y = 0; y <= N; y++)
            {
                // No rate leads from the mask into anything, so that it needs no score.
                double ratio = t.Probability(y, x0, N) / t.Probability(xt, x0, N), l = y < N ? LogScores[y] : 0;
                if (y != xt)
                    entropy += into[y] * (Math.Exp(l) - (ratio * l) + (ratio == 0 ? 0 : ratio * (Math.Log(ratio) - 1)));
            }

            Close.Assert(entropy, Value(Of(process, sigma, x0, xt), LogScores, x0, xt), 1e-12, $"σ = {sigma}, x_0 = {x0}, x_t = {xt}");
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void It_is_zero_at_the_true_scores_and_positive_elsewhere(INoiseProcess process)
    {
        foreach (var (sigma, x0, xt) in Situations(process))
        {
            var (t, term) = (process.At(sigma), Of(process, sigma, x0, xt));
            double[] truth =
                [.. Enumerable.Range(0, N).Select(y => Math.Log(Math.Max(1e-300, t.Probability(y, x0, N) / t.Probability(xt, x0, N))))];
            Close.Assert(
                0, Value(term, truth, x0, xt) / Math.Max(1, Math.Abs(term.Constant)), 1e-13, $"σ = {sigma}, x_0 = {x0}, x_t = {xt}");
            for (int y = 0; y < N && term.Sum > 0; y++)
            {
                if (y == xt || t.Probability(y, x0, N) < 1e-3)
                    continue;
                double[] wrong = [.. truth];
                wrong[y] += 0.5;
                Assert.True(Value(term, wrong, x0, xt) > 0, $"wrong at {y}: σ = {sigma}, x_0 = {x0}, x_t = {xt}");
            }
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void At_the_scores_of_a_prediction_it_is_the_term_of_the_bound(INoiseProcess process)
    {
        double[] distribution = [0.1, 0.25, 0.3, 0.2, 0.15];
        foreach (var (sigma, x0, xt) in Situations(process))
        {
            var (t, rates) = (process.At(sigma), process.RatesAt(sigma));
            double here = xt == N ? t.Mask : (t.Keep * distribution[xt]) + (t.Uniform / N);
            double[] scores = [.. distribution.Select(p => Math.Log(((t.Keep * p) + (t.Uniform / N)) / here))];
            double bound = NelboTermTests.Value(NelboTerm.OfRate(t, rates, xt == N, xt == x0, N), distribution, x0, xt);
            Close.Assert(bound, Value(Of(process, sigma, x0, xt), scores, x0, xt), 1e-11, $"σ = {sigma}, x_0 = {x0}, x_t = {xt}");
        }
    }

    [Fact]
    public void With_absorbing_noise_scores_that_are_not_normalised_cost_what_the_formula_says()
    {
        const double sigma = 0.7, z = 1.3;
        double[] distribution = [0.1, 0.25, 0.3, 0.2, 0.15];
        double ratio = Math.Exp(sigma) - 1;
        double Loss(double scale) =>
            Value(Of(new Absorbing(), sigma, x0: 2, xt: N), [.. distribution.Select(p => Math.Log(scale * p / ratio))], 2, N);
        Close.Assert(-Math.Log(distribution[2]) / ratio, Loss(1), 1e-14);
        Close.Assert((z - 1 - Math.Log(z)) / ratio, Loss(z) - Loss(1), 1e-14);
    }

    [Theory]
    [InlineData(N, 3.1882391288, 3.4944841590)]
    [InlineData(2, 0.0706307457, 0.0397533113)]
    [InlineData(1, 4.1517533303, 0.0841924344)]
    public void The_worked_example_separates_the_bound_from_the_released_loss(int xt, double exact, double released)
    {
        const double gamma = 0.1, sigma = 0.7;
        Close.Assert(exact, Value(Of(new GammaHybrid(gamma), sigma, x0: 2, xt), LogScores, 2, xt), 1e-10);
        // The code adds 1e-12 in denominators.
        Close.Assert(released, Value(ReleasedScoreTerm.Of(gamma, sigma, xt == N, xt == 2, N), LogScores, 2, xt), 2e-9);
    }

    [Fact]
    public void The_released_loss_is_not_zero_at_the_true_scores()
    {
        const double gamma = 0.05, sigma = 0.7;
        const int tokenCount = 50;
        var t = new GammaHybrid(gamma).At(sigma);
        double[] truth =
            [.. Enumerable.Range(0, tokenCount).Select(y => Math.Log(t.Probability(y, 2, tokenCount) / t.Probability(1, 2, tokenCount)))];
        Close.Assert(1.19, Value(ReleasedScoreTerm.Of(gamma, sigma, masked: false, unchanged: false, tokenCount), truth, 2, 1), 0.005);
        Close.Assert(
            0, Value(ScoreTerm.Of(t, new GammaHybrid(gamma).RatesAt(sigma), masked: false, unchanged: false, tokenCount), truth, 2, 1),
            1e-12);
    }

    [Theory, InlineData(0.0), InlineData(1.0)]
    public void Without_a_mix_the_released_loss_is_exact(double gamma)
    {
        var process = new GammaHybrid(gamma);
        foreach (var (sigma, x0, xt) in Situations(process))
        {
            Close.Assert(
                Value(Of(process, sigma, x0, xt), LogScores, x0, xt),
                Value(ReleasedScoreTerm.Of(gamma, sigma, xt == N, xt == x0, N), LogScores, x0, xt), 1e-12);
        }
    }

    // SEDD (arXiv 2310.16834), uniform noise with ln s_y = 0.1y − 0.2.
    [Theory, InlineData(1, 0.400410717945), InlineData(3, 0.698415053411)]
    public void Uniform_noise_costs_what_the_closed_form_says(int x0, double entropy) =>
        Close.Assert(entropy, Value(Of(new Uniform(), 0.83, x0, xt: 1), [-0.2, -0.1, 0, 0.1, 0.2], x0, 1), 1e-11);

    [Fact]
    public void A_chain_that_leaves_the_mask_is_refused() =>
        Assert.Throws<ArgumentException>(
            () => ScoreTerm.Of(new Gidd(0.2).At(0.7), new Gidd(0.2).RatesAt(0.7), masked: true, unchanged: false, N));

    /// <summary>A term at log-scores of the tokens.</summary>
    internal static double Value(ScoreTerm term, ReadOnlySpan<double> logScores, int x0, int xt)
    {
        double value = term.Constant + (term.Clean == 0 ? 0 : term.Clean * logScores[x0]);
        for (int y = 0; y < logScores.Length; y++)
            value += y == xt ? 0 : (term.Sum * Math.Exp(logScores[y])) + (term.Every * logScores[y]);
        return value;
    }

    private static ScoreTerm Of(INoiseProcess process, double sigma, int x0, int xt) =>
        ScoreTerm.Of(process.At(sigma), process.RatesAt(sigma), masked: xt == N, unchanged: xt == x0, N);

    private static IEnumerable<(double Sigma, int X0, int Xt)> Situations(INoiseProcess process) =>
        from sigma in (double[])[0.1, 0.7, 2.5]
        from x0 in (int[])[0, 2]
        from xt in Enumerable.Range(0, N + 1)
        where process.At(sigma).Probability(xt, x0, N) > 0
        select (sigma, x0, xt);
}
