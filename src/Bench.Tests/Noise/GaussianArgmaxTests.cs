using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Tests.Golden;
using MathNet.Numerics;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

public sealed class GaussianArgmaxTests
{
    [Fact]
    public void It_keeps_the_share_that_an_argmax_of_Gaussians_keeps()
    {
        const int tokenCount = 5, draws = 200_000;
        double kept = Math.Exp(-new GaussianArgmax(tokenCount, -1, -1).Sigma(0));
        Close.Assert(0.62052, kept, 5e-6);

        double mu = Math.Exp(0.5);
        var latent = new double[tokenCount];
        int hits = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            RandomStream.Root(3).FillNormal(draw, latent);
            latent[0] += mu;
            hits += Array.IndexOf(latent, latent.Max()) == 0 ? 1 : 0;
        }

        // Five standard errors: one false alarm in a million, if the seed were not fixed.
        double p = kept + ((1 - kept) / tokenCount);
        Close.Assert(p, (double)hits / draws, 5 * Math.Sqrt(p * (1 - p) / draws));
    }

    [Theory, InlineData(-4.0), InlineData(-1.0), InlineData(3.0)]
    public void Of_two_tokens_it_keeps_an_error_function(double gamma) =>
        // P = Φ(μ/√2)
        Close.Assert(SpecialFunctions.Erf(Math.Exp(-gamma / 2) / 2), Math.Exp(-new GaussianArgmax(2, gamma, gamma).Sigma(0)), 1e-13);

    [Fact]
    public void The_published_range_runs_from_nearly_clean_to_nearly_noise()
    {
        var schedule = new GaussianArgmax(30522, -3.5, -1.75);
        Close.Assert([0.94, 0.05], [Math.Exp(-schedule.Sigma(0)), Math.Exp(-schedule.Sigma(1))], 0.02);
    }
}
