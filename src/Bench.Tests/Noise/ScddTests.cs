using Bench.Noise;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

/// <summary>SCDD (arXiv 2603.02230): the marginals of GIDD on the chain whose mask absorbs.</summary>
public sealed class ScddTests
{
    private static readonly double[] Levels = [0, 1e-9, 1e-3, 0.1, 0.7, 3, 40, 1000, double.PositiveInfinity];

    [Theory, InlineData(0.1, 1), InlineData(0.2, 1), InlineData(0.3, 0.5), InlineData(0.3, 2)]
    public void Marginals_are_those_of_gidd_bit_for_bit(double share, double gamma) =>
        Assert.All(Levels, sigma => Assert.Equal(new Gidd(share, gamma).At(sigma), new Scdd(share, gamma).At(sigma)));

    [Fact]
    public void Rates_have_the_known_values_half_way()
    {
        var rates = new Scdd(0.2).RatesAt(Math.Log(2));
        Close.Assert([1 / 3.0, 2 / 3.0, 0], [rates.Uniform, rates.Mask, rates.Unmask], 1e-12);
    }

    // Per unit of σ, of what is not masked: GIDD's mask rate is into a mask from everywhere, and it pays for it by unmasking.
    [Theory, InlineData(0.1, 1), InlineData(0.3, 0.5), InlineData(0.3, 2)]
    public void Tokens_are_redrawn_as_often_as_gidd_does_for_each_that_is_not_masked(double share, double gamma)
    {
        foreach (double sigma in new[] { 1e-3, 0.1, 0.7, 3 })
        {
            var (gidd, scdd) = (new Gidd(share, gamma), new Scdd(share, gamma));
            double unmasked = 1 - gidd.At(sigma).MaskProbability;
            Close.Assert(gidd.RatesAt(sigma).Uniform / unmasked, scdd.RatesAt(sigma).Uniform, 1e-12, $"σ = {sigma}");
        }
    }

    [Theory, InlineData(0.5), InlineData(1), InlineData(2)]
    public void Rates_have_their_limits_at_full_noise(double gamma)
    {
        foreach (double sigma in new[] { 2000, double.PositiveInfinity })
        {
            var rates = new Scdd(0.2, gamma).RatesAt(sigma);
            Close.Assert([1 - (gamma / 2), gamma / 2], [rates.Uniform, rates.Mask], 1e-12, $"σ = {sigma}");
        }
    }

    [Fact]
    public void No_step_of_generation_masks_a_token_again()
    {
        var process = new Scdd(0.3);
        foreach (var (earlier, later) in new[] { (0.0, 0.4), (0.4, 1.1), (1.1, double.PositiveInfinity) })
        {
            Marginal s = earlier == 0 ? Marginal.Clean : process.At(earlier), t = process.At(later);
            double[] weights = [0.2, 0.5, 0.3, 0];
            ReverseDistribution.Weigh(weights, xt: 1, s, t, process.Chain);
            Assert.Equal(0, weights[^1]);
            if (double.IsFinite(later))
                Assert.Equal(0, Posterior.Of(s, t, process.Chain, masked: false, unchanged: true, tokenCount: 3).Mask);
        }

        // GIDD's does: that is what tells the two apart.
        var (cleaner, noisier) = (new Gidd(0.3).At(0.4), new Gidd(0.3).At(1.1));
        Assert.True(Posterior.Of(cleaner, noisier, Chain.CommonDirection, masked: false, unchanged: true, tokenCount: 3).Mask > 0);
    }
}
