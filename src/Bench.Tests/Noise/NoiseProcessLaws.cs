using Bench.Noise;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>What holds for every noise process.</summary>
public sealed class NoiseProcessLaws
{
    private const int Words = 4;

    private static readonly double[] Levels = [1e-6, 0.1, 0.7, 2.5];

    public static TheoryData<INoiseProcess> Processes() => [new Absorbing()];

    [Fact]
    public void Every_process_is_listed_here()
    {
        var known = ((IEnumerable<object[]>)Processes()).Select(row => row[0].GetType()).ToHashSet();
        Assert.All(typeof(INoiseProcess).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INoiseProcess))), type => Assert.Contains(type, known));
    }

    [Theory, MemberData(nameof(Processes))]
    public void Marginals_are_distributions_from_clean_to_prior(INoiseProcess process)
    {
        foreach (double sigma in Levels)
        {
            var marginal = process.At(sigma);
            Close.Assert(1, marginal.Keep + marginal.Uniform + marginal.Mask, 1e-15);
            Assert.All([marginal.Keep, marginal.Uniform, marginal.Mask], weight => Assert.InRange(weight, 0, 1));
        }

        Assert.Equal(Marginal.Clean, process.At(0));
        Assert.Equal(process.Prior, process.At(double.PositiveInfinity));
        Assert.Equal(0, process.Prior.Keep);
    }

    [Theory, MemberData(nameof(Processes))]
    public void Two_legs_are_one_way(INoiseProcess process)
    {
        if (process.Chain != Chain.MaskAbsorbs)
            return;
        foreach (double sigma in Levels)
        {
            var (earlier, later) = (process.At(sigma), process.At(sigma + 0.4));
            var again = earlier.Then(later.Since(earlier)); // q(x_t | x_0) = Σ q(x_t | x_s) q(x_s | x_0)
            Close.Assert([later.Keep, later.Uniform, later.Mask], [again.Keep, again.Uniform, again.Mask], 1e-12);
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void Rates_are_the_derivative_of_the_transition(INoiseProcess process)
    {
        if (process.Chain != Chain.MaskAbsorbs)
            return;
        const double step = 1e-6;
        foreach (double sigma in Levels)
        {
            var transition = process.At(sigma + step).Since(process.At(sigma));
            var rates = process.RatesAt(sigma);
            Close.Assert([rates.Uniform, rates.Mask], [transition.Uniform / step, transition.Mask / step], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void The_posterior_is_Bayes_rule_on_the_full_matrices(INoiseProcess process)
    {
        if (process.Chain != Chain.MaskAbsorbs)
            return;
        Check(process.At(0.4), process.At(1.1));
    }

    [Fact]
    public void The_posterior_is_Bayes_rule_for_words_and_mask_mixed()
    {
        var s = new Marginal(0.7, 0.2, 0.1);
        Check(s, s.Then(new Marginal(0.6, 0.25, 0.15)));
    }

    [Fact]
    public void Corruptions_on_top_of_each_other_are_the_product_of_their_matrices()
    {
        var (first, second) = (new Marginal(0.7, 0.2, 0.1), new Marginal(0.6, 0.25, 0.15));
        var both = first.Then(second);
        var again = both.Since(first);
        Close.Assert([second.Keep, second.Uniform, second.Mask], [again.Keep, again.Uniform, again.Mask], 1e-12);
        for (int x = 0; x <= Words; x++)
        {
            for (int y = 0; y <= Words; y++)
                Close.Assert(Enumerable.Range(0, Words + 1).Sum(z => second.Probability(y, z, Words) * first.Probability(z, x, Words)), both.Probability(y, x, Words), 1e-15);
        }
    }

    private static void Check(Marginal s, Marginal t)
    {
        var step = t.Since(s);
        for (int x0 = 0; x0 < Words; x0++)
        {
            for (int xt = 0; xt <= Words; xt++)
            {
                if (t.Probability(xt, x0, Words) == 0)
                    continue;
                double[] joint = [.. Enumerable.Range(0, Words + 1).Select(xs => step.Probability(xt, xs, Words) * s.Probability(xs, x0, Words))];
                var law = Posterior.Of(s, t, Chain.MaskAbsorbs, masked: xt == Words, unchanged: xt == x0, Words);
                for (int xs = 0; xs <= Words; xs++)
                {
                    double mass = xs == Words ? law.Mask : (law.Uniform / Words) + (xs == xt ? law.Stay : 0) + (xs == x0 ? law.Clean : 0);
                    Close.Assert(joint[xs] / joint.Sum(), mass, 1e-12, $"q(x_s = {xs} | x_t = {xt}, x_0 = {x0})");
                }
            }
        }
    }
}
