using Bench.Noise;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>What holds for every noise process; implementations are found by reflection.</summary>
public sealed class NoiseProcessLaws
{
    private const int Words = 4;

    private static readonly double[] Levels = [1e-6, 0.1, 0.7, 2.5];

    public static TheoryData<string> Processes()
    {
        var data = new TheoryData<string>();
        foreach (var type in typeof(INoiseProcess).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INoiseProcess))))
            data.Add(type.FullName!);
        return data;
    }

    [Theory, MemberData(nameof(Processes))]
    public void Marginals_are_distributions_from_clean_to_prior(string type)
    {
        var process = Make(type);
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
    public void Two_legs_are_one_way(string type)
    {
        var process = Make(type);
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
    public void Rates_are_the_derivative_of_the_transition(string type)
    {
        var process = Make(type);
        const double step = 1e-6;
        foreach (double sigma in Levels)
        {
            var transition = process.At(sigma + step).Since(process.At(sigma));
            var rates = process.RatesAt(sigma);
            Close.Assert([rates.Uniform, rates.Mask], [transition.Uniform / step, transition.Mask / step], 1e-5);
        }
    }

    [Theory, MemberData(nameof(Processes))]
    public void The_posterior_is_Bayes_rule_on_the_full_matrices(string type)
    {
        var process = Make(type);
        if (process.Chain != Chain.MaskAbsorbs)
            return;
        var (s, t) = (process.At(0.4), process.At(1.1));
        var step = t.Since(s);
        for (int x0 = 0; x0 < Words; x0++)
        {
            for (int xt = 0; xt <= Words; xt++)
            {
                if (t.Probability(xt, x0, Words) == 0)
                    continue;
                double[] joint = [.. Enumerable.Range(0, Words + 1).Select(xs => step.Probability(xt, xs, Words) * s.Probability(xs, x0, Words))];
                var law = Posterior.Of(s, t, masked: xt == Words, unchanged: xt == x0, Words);
                for (int xs = 0; xs <= Words; xs++)
                {
                    double mass = xs == Words ? law.Mask : (law.Uniform / Words) + (xs == xt ? law.Stay : 0) + (xs == x0 ? law.Clean : 0);
                    Close.Assert(joint[xs] / joint.Sum(), mass, 1e-12, $"q(x_s = {xs} | x_t = {xt}, x_0 = {x0})");
                }
            }
        }
    }

    private static INoiseProcess Make(string type) => (INoiseProcess)Activator.CreateInstance(typeof(INoiseProcess).Assembly.GetType(type)!)!;
}
