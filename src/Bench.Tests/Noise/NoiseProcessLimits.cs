using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>How the processes are related, and numbers that follow from their papers' formulas.</summary>
public sealed class NoiseProcessLimits
{
    private const int TokenCount = 5;

    private static readonly double[] Levels = [0, 1e-6, 0.1, 0.7, 2.5, 20, double.PositiveInfinity];

    private static readonly double[] Distribution = [0.10, 0.20, 0.30, 0.25, 0.15];

    public static TheoryData<INoiseProcess, INoiseProcess> SpecialCases() => new()
    {
        { new GammaHybrid(0), new Absorbing() },
        { new GammaHybrid(1), new Uniform() },
        { new EpsilonHybrid(0), new Absorbing() },
        { new ConstantMix(0), new Absorbing() },
        { new ConstantMix(1), new Uniform() },
        { new Gidd(0), new Absorbing() },
        { new Scdd(0), new Absorbing() },
        { new Gidd(1e-16), new Absorbing() },
    };

    [Theory, MemberData(nameof(SpecialCases))]
    public void At_the_ends_of_its_parameter_a_mix_is_a_pure_process(INoiseProcess mix, INoiseProcess pure)
    {
        foreach (double sigma in Levels)
        {
            var (expected, found) = (pure.At(sigma), mix.At(sigma));
            Close.Assert([expected.Keep, expected.Uniform, expected.Mask], [found.Keep, found.Uniform, found.Mask], 1e-15,
                $"{mix} at σ = {sigma}");
            if (sigma > 0)
                Close.Assert([pure.RatesAt(sigma).Uniform, pure.RatesAt(sigma).Mask], [mix.RatesAt(sigma).Uniform, mix.RatesAt(sigma).Mask],
                    1e-12, $"{mix} at σ = {sigma}");
        }
    }

    public static TheoryData<INoiseProcess> Homogeneous() =>
        [new Absorbing(), new Uniform(), new GammaHybrid(0.01), new GammaHybrid(0.5), new ConstantMix(0.3)];

    [Theory, MemberData(nameof(Homogeneous))]
    public void Constant_rates_make_a_matrix_exponential(INoiseProcess process)
    {
        foreach (double sigma in new[] { 1e-3, 0.7, 2.5, 20 })
        {
            var exponential = Chains.Exponential(sigma * Chains.Generator(process.RatesAt(sigma), TokenCount));
            Close.Assert(exponential.ToColumnMajorArray(),
                Chains.Matrix(Transition.Between(Marginal.Clean, process.At(sigma), process.Chain), TokenCount).ToColumnMajorArray(),
                1e-12);
        }
    }

    [Fact]
    public void The_gamma_hybrid_interpolates_rates_and_the_epsilon_hybrid_evolutions()
    {
        const double mix = 0.3, sigma = 0.9;
        var (absorbing, uniform) = (new Absorbing(), new Uniform());
        var rates = ((1 - mix) * Chains.Generator(absorbing.RatesAt(sigma), TokenCount))
            + (mix * Chains.Generator(uniform.RatesAt(sigma), TokenCount));
        Close.Assert((Chains.Exponential(sigma * rates) * Chains.Distribution(Marginal.Clean, 1, TokenCount)).ToArray(),
            Chains.Distribution(new GammaHybrid(mix).At(sigma), 1, TokenCount).ToArray(), 1e-12);

        // Absorbed by σ after nothing, and after a uniform draw.
        var absorbed = Chains.Matrix(new(absorbing.At(sigma), 0), TokenCount);
        var evolved = absorbed
            * (((1 - mix) * Chains.Distribution(Marginal.Clean, 1, TokenCount))
                + (mix * Chains.Distribution(uniform.At(double.PositiveInfinity), 1, TokenCount)));
        Close.Assert(evolved.ToArray(), Chains.Distribution(new EpsilonHybrid(mix).At(sigma), 1, TokenCount).ToArray(), 1e-15);
    }

    [Fact]
    public void Only_the_epsilon_hybrid_owes_something_at_the_clean_end()
    {
        Assert.Equal(new Marginal(0.9, 0.1, 0), new EpsilonHybrid(0.1).At(0));
        Assert.All(EveryProcess.Types.SelectMany(EveryProcess.Of),
            process => Assert.Equal(process is not EpsilonHybrid { Epsilon: > 0 }, process.IsCleanAtZero));
    }

    [Fact]
    public void The_gamma_hybrid_has_the_marginals_of_its_worked_example()
    {
        var marginal = new GammaHybrid(0.1).At(0.7);
        Close.Assert([0.5037866032, 0.0072012994, 0.4674081990],
            [marginal.Probability(2, 2, TokenCount), marginal.Probability(1, 2, TokenCount), marginal.Mask], 1e-10);
    }

    [Theory, InlineData(0.01, 1.0), InlineData(0.2, 1.0), InlineData(0.5, 0.5), InlineData(0.2, 2.0)]
    public void The_uniform_share_of_Gidd_peaks_half_way_at_its_parameter(double share, double gamma)
    {
        double Uniform(double t) => new Gidd(share, gamma).At(-Math.Log(1 - t)).Uniform;
        Close.Assert(share, Uniform(0.5), 1e-15);
        Assert.All([0.01, 0.3, 0.49, 0.51, 0.8, 0.99], t => Assert.True(Uniform(t) < share));
    }

    [Theory, InlineData(1, 0.148809523810), InlineData(3, 3.125), InlineData(TokenCount, 6.25)]
    public void Gidd_weighs_tokens_as_published(int xt, double weight)
    {
        // w = r(x_t)/q(x_t | x_0) per unit of t at t = 0.2, where dσ = dt/(1 − t).
        const double t = 0.2;
        double sigma = -Math.Log(1 - t);
        var (process, rates) = (new Gidd(0.2), new Gidd(0.2).RatesAt(sigma));
        double into = xt == TokenCount ? rates.Mask : rates.Uniform / TokenCount;
        Close.Assert(weight, into / (1 - t) / process.At(sigma).Probability(xt, 1, TokenCount), 1e-11);
    }

    [Theory, InlineData(1, 0.331413787406), InlineData(3, 3.384686847777), InlineData(TokenCount, 3.054861172313)]
    public void Gidd_loses_as_published(int xt, double loss)
    {
        const double t = 0.3;
        double sigma = -Math.Log(1 - t);
        var process = new Gidd(0.2);
        var term = (1 / (1 - t))
            * NelboTerm.OfRate(process.At(sigma), process.RatesAt(sigma), masked: xt == TokenCount, unchanged: xt == 1, TokenCount);
        Close.Assert(loss, NelboTermTests.Value(term, Distribution, x0: 1, xt), 1e-11);
    }

    [Fact]
    public void With_little_uniform_noise_Gidd_has_the_loss_of_masked_diffusion()
    {
        const double t = 0.3;
        double sigma = -Math.Log(1 - t);
        var process = new Gidd(1e-12);
        double Loss(int xt) => NelboTermTests.Value(
            (1 / (1 - t))
                * NelboTerm.OfRate(process.At(sigma), process.RatesAt(sigma), masked: xt == TokenCount, unchanged: xt == 1, TokenCount),
                Distribution, x0: 1, xt);
        Close.Assert(-Math.Log(Distribution[1]) / t, Loss(TokenCount), 1e-9);
        Close.Assert(0, process.At(sigma).Probability(3, 1, TokenCount) * Loss(3), 1e-9);
        Close.Assert(0, Loss(1), 1e-9);
    }

    // UDLM (arXiv 2412.10193), the posterior of uniform noise written out for one-hot vectors, with α_{t|s} = α_t/α_s.
    [Theory, InlineData(1, 1), InlineData(1, 3)]
    public void The_posterior_of_uniform_noise_is_the_published_formula(int x0, int xt)
    {
        const double alphaS = 0.6, alphaT = 0.37, alpha = alphaT / alphaS;
        int same = x0 == xt ? 1 : 0;
        double[] published = [.. Enumerable.Range(0, TokenCount).Select(y =>
            ((TokenCount * alphaT * (y == xt ? same : 0)) + (y == xt ? alpha - alphaT : 0) + (y == x0 ? alphaS - alphaT : 0)
                + ((1 - alpha) * (1 - alphaS) / TokenCount))
            / ((TokenCount * alphaT * same) + 1 - alphaT))];
        Close.Assert(1, published.Sum(), 1e-15);
        var distribution = Posterior.Of(new Uniform().At(-Math.Log(alphaS)), new Uniform().At(-Math.Log(alphaT)), Chain.MaskAbsorbs,
            masked: false, unchanged: x0 == xt, TokenCount);
        Close.Assert(published,
            [.. Enumerable.Range(0, TokenCount)
                .Select(y => (distribution.Uniform / TokenCount) + (y == xt ? distribution.Stay : 0) + (y == x0 ? distribution.Clean : 0))],
                1e-14);
        Assert.Equal(0, distribution.Mask);
    }

    [Fact]
    public void Uniform_noise_loses_as_published()
    {
        // α = 0.37 with α' = −1, so that dσ = dt/α.
        double sigma = -Math.Log(0.37);
        var t = new Uniform().At(sigma);
        double Loss(int x0, int xt) => NelboTermTests.Value(
            (1 / 0.37) * NelboTerm.OfRate(t, new Uniform().RatesAt(sigma), masked: false, unchanged: xt == x0, TokenCount), Distribution,
            x0, xt);
        Close.Assert(0.866218846438, Loss(x0: 1, xt: 1), 1e-11);
        Close.Assert(1.211510225266, Loss(x0: 3, xt: 1), 1e-11);
        Close.Assert(1.117565573008, Enumerable.Range(0, TokenCount).Sum(xt => t.Probability(xt, 1, TokenCount) * Loss(1, xt)), 1e-11);
    }
}
