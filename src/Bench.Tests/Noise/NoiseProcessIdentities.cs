using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>Identities of every noise process.</summary>
public sealed class NoiseProcessIdentities
{
    private const int TokenCount = 4;

    private static readonly double[] Levels = [1e-9, 1e-4, 0.1, 0.7, 2.5, 20];

    private static readonly double[] Distribution = [0.1, 0.25, 0.4, 0.25];

    public static TheoryData<INoiseProcess> Processes() => EveryProcess.Data;

    public static TheoryData<Type> Types() => [.. EveryProcess.Types];

    [Theory, MemberData(nameof(Types))]
    public void Every_process_is_tested_at_several_values_of_every_parameter(Type type)
    {
        var processes = EveryProcess.Of(type);
        Assert.True(processes.Length > 0, $"{type} cannot be constructed from numbers alone: EveryProcess has to learn how");
        Assert.All(EveryProcess.Parameters(type), parameter => Assert.True(
            processes.Select(process => type.GetProperty(parameter.Name!)!.GetValue(process)).Distinct().Count() >= 3,
            $"{parameter.Name} of {type} takes fewer than three of the candidates"));
    }

    [Theory, MemberData(nameof(Types))]
    public void Parameters_that_mean_nothing_are_refused(Type type)
    {
        for (int bad = 0; bad < EveryProcess.Parameters(type).Length; bad++)
        {
            object[] values = [.. EveryProcess.Parameters(type).Select(_ => (object)0.5)];
            Assert.NotNull(EveryProcess.Construct(type, values));
            foreach (double value in new[] { double.NaN, double.PositiveInfinity, -0.1, 2.1 })
            {
                values[bad] = value;
                Assert.Null(EveryProcess.Construct(type, values));
            }
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void Marginals_are_distributions(INoiseProcess process)
    {
        foreach (double sigma in (double[])[0, .. Levels, 1e3, double.PositiveInfinity])
        {
            var marginal = process.At(sigma);
            Close.Assert(1, marginal.Keep + marginal.Uniform + marginal.Mask, 1e-15, $"sum at σ = {sigma}");
            Assert.All([marginal.Keep, marginal.Uniform, marginal.Mask], weight => Assert.InRange(weight, 0, 1));
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void Noise_goes_from_no_mask_to_the_prior(INoiseProcess process)
    {
        Assert.Equal(0, process.At(0).Mask);
        Assert.Equal(process.At(0).Keep == 1, process.IsCleanAtZero);
        Assert.Equal(0, process.Prior.Keep);
        var (late, prior) = (process.At(1e5), process.Prior);
        Close.Assert([prior.Keep, prior.Uniform, prior.Mask], [late.Keep, late.Uniform, late.Mask], 1e-12);
    }

    [Theory, MemberData(nameof(Processes))]
    public void Rates_are_never_negative(INoiseProcess process)
    {
        foreach (double sigma in (double[])[0, .. Levels, 1e3, double.PositiveInfinity])
        {
            var rates = process.RatesAt(sigma);
            Assert.All([rates.Uniform, rates.Mask, rates.Unmask], rate => Assert.True(rate >= 0, $"{rates} at σ = {sigma}"));
            if (process.Chain == Chain.MaskAbsorbs)
                Assert.Equal(0, rates.Unmask);
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void Two_legs_are_one_way(INoiseProcess process)
    {
        double[] levels = [0, .. Levels];
        for (int s = 0; s < levels.Length; s++)
        {
            for (int t = s; t < levels.Length; t++)
            {
                var first = Chains.Matrix(Step(process, levels[s], levels[t]), TokenCount);
                Assert.All(first.Enumerate(), probability => Assert.InRange(probability, 0, 1));
                var there = first * Chains.Distribution(process.At(levels[s]), x0: 2, TokenCount);
                Close.Assert(Chains.Distribution(process.At(levels[t]), x0: 2, TokenCount).ToArray(), there.ToArray(), 1e-13,
                    $"marginal, {levels[s]} → {levels[t]}");
                for (int u = t; u < levels.Length; u++)
                {
                    var both = Chains.Matrix(Step(process, levels[t], levels[u]), TokenCount) * first;
                    var direct = Chains.Matrix(Step(process, levels[s], levels[u]), TokenCount);
                    Close.Assert(direct.ToColumnMajorArray(), both.ToColumnMajorArray(), 1e-13, $"{levels[s]} → {levels[t]} → {levels[u]}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void A_short_step_is_the_exponential_of_the_rates_in_its_middle(INoiseProcess process)
    {
        foreach (double sigma in Levels.Where(sigma => sigma is > 1e-9 and < 20))
        {
            // Off by O(h³) where a wrong rate is off by O(h).
            double h = 1e-3 * sigma;
            var generator = Chains.Generator(process.RatesAt(sigma), TokenCount);
            var step = Chains.Matrix(Step(process, sigma - h, sigma + h), TokenCount);
            Close.Assert(new double[25],
                ((Chains.Exponential(2 * h * generator) - step) / (2 * h * generator.L1Norm())).ToColumnMajorArray(), 1e-5,
                $"per jump at σ = {sigma}");
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void The_posterior_is_Bayes_rule_on_the_full_matrices(INoiseProcess process)
    {
        double[] levels = [0, .. Levels];
        foreach (var (earlier, later) in levels.Zip(levels.Skip(1)))
            Check(process.At(earlier), process.At(later), process.Chain);
    }

    [Fact]
    public void The_posterior_is_Bayes_rule_for_tokens_and_mask_mixed()
    {
        var s = new Marginal(0.7, 0.2, 0.1);
        Check(s, s.Then(new Marginal(0.6, 0.25, 0.15)), Chain.MaskAbsorbs);
    }

    [Fact]
    public void Corruptions_on_top_of_each_other_are_the_product_of_their_matrices()
    {
        var (first, second) = (new Marginal(0.7, 0.2, 0.1), new Marginal(0.6, 0.25, 0.15));
        var both = first.Then(second);
        var again = both.Since(first);
        Close.Assert([second.Keep, second.Uniform, second.Mask], [again.Keep, again.Uniform, again.Mask], 1e-12);
        var product = Chains.Matrix(new(second, 0), TokenCount) * Chains.Matrix(new(first, 0), TokenCount);
        Close.Assert(product.ToColumnMajorArray(), Chains.Matrix(new(both, 0), TokenCount).ToColumnMajorArray(), 1e-15);
    }

    [Theory, MemberData(nameof(Processes))]
    public void The_continuous_bound_is_what_many_short_steps_tend_to(INoiseProcess process)
    {
        foreach (double sigma in new[] { 0.1, 0.7, 2.5 })
        {
            var t = process.At(sigma);
            foreach (var (x0, xt) in
                from x0 in Enumerable.Range(0, TokenCount) from xt in Enumerable.Range(0, TokenCount + 1)
                    where t.Probability(xt, x0, TokenCount) > 0 select (x0, xt))
            {
                double PerStep(double h) =>
                    NelboTermTests.Value(NelboTerm.OfStep(process.At(sigma - h), t, process.Chain, xt == TokenCount, xt == x0, TokenCount),
                        Distribution, x0, xt) / h;
                double limit = NelboTermTests.Value(NelboTerm.OfRate(t, process.RatesAt(sigma), xt == TokenCount, xt == x0, TokenCount),
                    Distribution, x0, xt);
                // Two step widths, extrapolated to none: what is left is O(h²).
                double h = 1e-4 * sigma;
                Close.Assert(limit, (2 * PerStep(h / 2)) - PerStep(h), 1e-6, $"σ = {sigma}, x_0 = {x0}, x_t = {xt}");
            }
        }
    }

    private static Transition Step(INoiseProcess process, double s, double t) =>
        Transition.Between(process.At(s), process.At(t), process.Chain);

    private static void Check(Marginal s, Marginal t, Chain chain)
    {
        var step = Transition.Between(s, t, chain);
        for (int x0 = 0; x0 < TokenCount; x0++)
        {
            for (int xt = 0; xt <= TokenCount; xt++)
            {
                if (t.Probability(xt, x0, TokenCount) == 0)
                    continue;
                double[] joint = [.. Enumerable.Range(0, TokenCount + 1)
                    .Select(xs => step.Probability(xt, xs, TokenCount) * s.Probability(xs, x0, TokenCount))];
                var distribution = Posterior.Of(s, t, chain, masked: xt == TokenCount, unchanged: xt == x0, TokenCount);
                for (int xs = 0; xs <= TokenCount; xs++)
                {
                    double mass = xs == TokenCount
                        ? distribution.Mask
                        : (distribution.Uniform / TokenCount) + (xs == xt ? distribution.Stay : 0) + (xs == x0 ? distribution.Clean : 0);
                    Close.Assert(joint[xs] / joint.Sum(), mass, 1e-9, $"q(x_s = {xs} | x_t = {xt}, x_0 = {x0})");
                }
            }
        }
    }
}
