using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Tests.Golden;
using Bench.Tests.Hyperschedules;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>The bound along hyperschedules, exactly: over all draws, and all masks of each draw.</summary>
public sealed class NelboAlongPathsTests
{
    private static readonly long[] X0 = [0, 2, 1, 1];

    [Theory, MemberData(nameof(Paths.All), MemberType = typeof(Paths))]
    public void The_mean_over_draws_is_the_sum_over_steps(Hyperschedule hyperschedule) =>
        Close.Assert(SumOverSteps(hyperschedule), MeanOverDraws(hyperschedule), 1e-12, hyperschedule.Name);

    [Theory, InlineData(1), InlineData(3)]
    public void Behind_a_prompt_only_the_rest_is_paid_for(int prompt)
    {
        double rest =
            Enumerable.Range(prompt, 4 - prompt).Sum(i => ToyDenoiser.Nats(i, X0[i], [.. X0.Select((token, j) => j < i ? token : 3)]));
        Close.Assert(rest, MeanOverDraws(Hyperschedule.Autoregressive(4 - prompt).WithPrefix(prompt)), 1e-12);
    }

    // Every position's noise falls linearly in time, over a window of w positions: w = 1 is the chain rule, whatever the depth.
    [Theory]
    [InlineData(1, 4.497406544079, 1e-11)]
    [InlineData(2, 4.597360283188, 1e-11)]
    [InlineData(3, 4.666211866040, 1e-11)]
    [InlineData(4, 4.703833627067, 1e-11)]
    [InlineData(50, 4.793737, 5e-7)]
    public void Slides_of_infinitely_short_steps_lead_from_the_chain_rule_to_the_flat_bound(int width, double expected, double tolerance)
    {
        // Steps of 1/s are a right Riemann sum of a piecewise polynomial, with error a/s + b/s² + c/s⁴ + ..: the first three terms are
        // removed.
        double[] sums = [.. new[] { 2, 4, 8, 16 }.Select(
            finer => MeanOverDraws(Hyperschedule.Ramp(4, group: 1, stagger: finer, depth: width * finer)))];
        foreach (double power in new[] { 2.0, 4.0, 16.0 })
            sums = [.. sums.Zip(sums.Skip(1), (coarse, fine) => ((power * fine) - coarse) / (power - 1))];
        Close.Assert(expected, sums.Single(), tolerance, $"width {width}");
    }

    // Diffusion Forcing (arXiv 2407.01392): the others attend to each position at a level of its own, so it is masked with the mean masked
    // share.
    [Theory, InlineData(0), InlineData(1)]
    public void Independent_levels_hide_every_other_position_at_random(int prompt)
    {
        const int depth = 2;
        double hidden = (depth + 1) / (2.0 * depth), expected = 0;
        var hyperschedule = Hyperschedule.Independent(4 - prompt, depth).WithPrefix(prompt);
        for (int masks = 0; masks < 16; masks++)
        {
            for (int i = prompt; i < 4; i++)
                expected += (masks >> i & 1) == 1
                    ? Probability(masks, j => j < prompt ? 0 : j == i ? 1 : hidden) * ToyDenoiser.Nats(i, X0[i], Masked(masks))
                    : 0;
        }

        var draws = Enumerable.Range(0, 1 << 4)
            .Select(levels => hyperschedule.Draw(0.5, i => (levels >> i & 1) == 1 ? 0.75 : 0.25, continuous: false));
        Close.Assert(expected, MeanOverDraws(hyperschedule, [.. draws]), 1e-12);
    }

    private static double MeanOverDraws(Hyperschedule hyperschedule) => MeanOverDraws(hyperschedule, [.. DrawTests.Draws(hyperschedule)]);

    // The bound's estimate, averaged over equally likely draws and over the masks of each.
    private static double MeanOverDraws(Hyperschedule hyperschedule, LevelDraw[] draws)
    {
        using var scope = NewDisposeScope();
        var setup = new DiffusionSetup(
            new Vocabulary("toy", ToyDenoiser.TokenCount), new Absorbing(), new LogLinear(0), hyperschedule,
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
        var rows = (from draw in draws
                    from masks in Enumerable.Range(0, 1 << hyperschedule.Length)
                    let weight = Probability(masks, i => setup.At(draw.Times[i]).Mask)
                    where weight > 0
                    select (draw, masks, weight)).ToArray();
        var clean = new ExampleBatch([.. rows.SelectMany(_ => X0)], [.. rows.Select((_, row) => (long)row)]);
        var batch = NoisyBatch.Of(setup, clean, [.. rows.SelectMany(row => Masked(row.masks))], [.. rows.Select(row => row.draw)]);
        double[] nats = new Nelbo(setup, Continuous: false).Of(new ToyDenoiser(), batch, CPU).sum([1]).data<double>().ToArray();
        return nats.Zip(rows, (value, row) => value * row.weight).Sum() / draws.Length;
    }

    // The same by the definition: in each step, a masked token is revealed with probability (t − s)/t.
    private static double SumOverSteps(Hyperschedule hyperschedule)
    {
        double sum = 0;
        for (int step = 0; step < hyperschedule.Steps; step++)
        {
            for (int masks = 0; masks < 1 << hyperschedule.Length; masks++)
            {
                double weight = Probability(masks, i => hyperschedule.TimeAt(step, i));
                long[] z = Masked(masks);
                for (int i = 0; weight > 0 && i < hyperschedule.Length; i++)
                    sum += (masks >> i & 1) == 1
                        ? weight * (1 - (hyperschedule.TimeAt(step + 1, i) / hyperschedule.TimeAt(step, i))) * ToyDenoiser.Nats(i, X0[i], z)
                        : 0;
            }
        }

        return sum;
    }

    private static double Probability(int masks, Func<int, double> masked) =>
        Enumerable.Range(0, X0.Length).Aggregate(1.0, (product, i) => product * ((masks >> i & 1) == 1 ? masked(i) : 1 - masked(i)));

    private static long[] Masked(int masks) => [.. X0.Select((token, i) => (masks >> i & 1) == 1 ? ToyDenoiser.TokenCount : token)];
}
