using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>The noise of XDLM (arXiv 2602.01362), one mixture that every jump leads to, against its own formulas.</summary>
public sealed class XdlmTests
{
    private static readonly double[] Predicted = [0.1, 0.25, 0.4, 0.25];

    // f = α x + (1 − α) π, g = α x_θ + (1 − α) π and ρ = f(z)/g(z): π(z)/f(z) (KL(f ‖ g) + ρ − ln ρ − 1) per unit of σ.
    [Theory, InlineData(0.1), InlineData(0.5), InlineData(1)]
    public void The_bound_is_the_published_loss(double share)
    {
        int n = Predicted.Length;
        var process = new ConstantMix(share);
        foreach (double alpha in new[] { 0.1, 0.5, 0.9 })
        {
            double sigma = -Math.Log(alpha);
            double[] mix = [.. Enumerable.Repeat(share / n, n), 1 - share];
            for (int x = 0; x < n; x++)
            {
                double[] f = [.. mix.Select((p, z) => (alpha * (z == x ? 1 : 0)) + ((1 - alpha) * p))];
                double[] g = [.. mix.Select((p, z) => (alpha * (z < n ? Predicted[z] : 0)) + ((1 - alpha) * p))];
                double divergence = f.Zip(g, (p, q) => p == 0 ? 0 : p * Math.Log(p / q)).Sum();
                for (int z = 0; z <= n; z++)
                {
                    if (f[z] == 0)
                        continue;
                    double ratio = f[z] / g[z], expected = mix[z] / f[z] * (divergence + ratio - Math.Log(ratio) - 1);
                    var term = NelboTerm.OfRate(process.At(sigma), process.RatesAt(sigma), z == n, z == x, n);
                    Close.Assert(expected, NelboTermTests.Value(term, Predicted, x, z), 1e-10, $"κ {share}, α {alpha}, x {x}, z {z}");
                }
            }
        }
    }

    // The published schedule leaves a thousandth of the tokens clean, which the published bound does not pay for.
    [Theory, InlineData(50_257, 5.2e-3), InlineData(27, 1.2e-4)]
    public void The_prior_term_of_the_published_schedule_has_its_known_size(int tokenCount, double nats)
    {
        var last = new ConstantMix(0.1).At(-Math.Log(1e-3));
        Close.Assert(1, last.KullbackLeibler(last.Mixing, tokenCount) / nats, 0.05);
    }
}
