using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Components;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>Blocks of masked tokens, by enumeration on the toy.</summary>
public sealed class BlockLossTests
{
    private static readonly long[] X0 = [0, 2, 1, 1];

    // Reference values of the toy: left to right, blocks of two, all at once.
    [Theory, InlineData(1, 4.497406544079), InlineData(2, 4.643723688326), InlineData(4, 4.795869807218)]
    public void Blocks_lead_from_the_chain_rule_to_the_flat_bound(int width, double expected)
    {
        var setup = Setup(width);
        Close.Assert(expected, Bound(new MaskedNelbo(setup).Of, setup, X0), 1e-11);
        Close.Assert(expected, Bound(new Nelbo(setup, Continuous: true).Of, setup, X0), 1e-11);
        Close.Assert(expected, Bound(new BlockLoss(setup).Of, setup, X0), 1e-11);
    }

    [Fact]
    public void Larger_blocks_of_one_network_need_not_have_larger_bounds()
    {
        double[] of(long[] x) => [.. new[] { 1, 2, 4 }.Select(width => Bound(new MaskedNelbo(Setup(width)).Of, Setup(width), x))];
        Close.Assert([6.676, 6.287, 5.504], of([0, 0, 0, 0]), 1e-3);
        int ordered = AllStrings.Of(3, 4).Select(of).Count(bound => bound[0] <= bound[1] && bound[1] <= bound[2]);
        Assert.Equal(81 - 67, ordered);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(4)]
    public void Known_numbers_of_masks_in_each_block_give_the_same_bound(int width)
    {
        const int rows = 1 << 13;
        var setup = Setup(width);
        var objective = Assert.IsType<MaskedNelbo>(new BlockLoss(setup, 0.3, 1).ForLikelihood);
        Assert.Equal(Masking.ExactCount, objective.Masking);
        Assert.Equal(width == 1, objective.IsExact);
        var batch =
            new ExampleBatch([.. Enumerable.Range(0, rows).SelectMany(_ => X0)], [.. Enumerable.Range(0, rows).Select(i => (long)i)]);
        double[] nats = objective.PerPosition(new ToyDenoiser(), batch, Strata.Of(rows, _ => 0.5), RandomStream.Root(3),
            TorchSharp.torch.CPU).sum([1]).data<double>().ToArray();
        double error = Math.Sqrt(nats.Select(value => Math.Pow(value - nats.Average(), 2)).Average() / rows);
        // Outside of five standard errors once in a million; nothing varies where all is masked.
        Assert.Equal(Bound(new MaskedNelbo(setup).Of, setup, X0), nats.Average(), Math.Max(1e-10, 5 * error));
        if (width == 1)
            Assert.InRange(error, 0, 1e-12);
    }

    [Fact]
    public void Blocks_spread_over_the_noise_range_are_unbiased_and_vary_less_than_blocks_by_themselves()
    {
        // Expected nats of a block at each of many levels, and sums of two of them: half a range apart, and of all pairs.
        const int cells = 64;
        var setup = Setup(2);
        double[] first = new double[cells], second = new double[cells];
        for (int cell = 0; cell < cells; cell++)
        {
            double level = (cell + 0.5) / cells;
            (first[cell], second[cell]) = (BlockAt(level, 0), BlockAt(level, 1));
        }

        double[] spread = [.. Enumerable.Range(0, cells).Select(cell =>
        {
            // What the hyperschedule draws is what is summed here.
            var times = setup.Hyperschedule.Draw((cell + 0.5) / cells, _ => 0.5, continuous: true).Times;
            Close.Assert([(cell + 0.5) / cells, (((cell + 0.5) / cells) + 0.5) % 1], [times[0], times[2]], 1e-12);
            return first[cell] + second[(cell + (cells / 2)) % cells];
        })];
        double[] independent = [.. first.SelectMany(a => second.Select(b => a + b))];
        Close.Assert(independent.Average(), spread.Average(), 1e-12);
        Assert.InRange(Variance(spread), 0, 0.6 * Variance(independent));

        double BlockAt(double level, int block)
        {
            var steps = setup.Hyperschedule.Draw(level, _ => 0.5, continuous: true).Steps;
            var draw = new LevelDraw([.. steps.Select((step, i) => i / 2 == block ? step : -1)], [level, level, level, level], null, 1);
            return ExactBound.At(new MaskedNelbo(setup).Of, new ToyDenoiser(), setup, X0, draw);
        }

        static double Variance(double[] values) => values.Average(value => Math.Pow(value - values.Average(), 2));
    }

    [Fact]
    public void Drawn_times_and_realised_shares_lie_in_the_range()
    {
        var loss = new BlockLoss(Setup(4), 0.45, 0.8);
        for (int example = 0; example < 200; example++)
        {
            var draw = loss.Place(RandomStream.Root(1).Uniform(example, 0), _ => 0.5);
            Assert.All(draw.Times, t => Assert.InRange(t, 0.45, 0.8));
            int masks =
                loss.Mask(X0, draw, (attempt, i) => RandomStream.Root(2).Uniform(example, (attempt * 4) + i)).Count(token => token == 3);
            Assert.InRange(masks, 2, 3);
        }
    }

    [Fact]
    public void A_schedule_whose_times_are_no_shares_is_refused_where_masks_are_drawn_again()
    {
        string? Refusal(INoiseSchedule schedule, double least, double most, bool rejects = true) =>
            ObjectiveLimits.Blocks(new BlockLoss(Setup(4) with { Schedule = schedule }, least, most, rejects));
        // A sixteenth power masks at most 0.03 % where a quarter would have to be.
        Assert.Contains("do not lie in it", Refusal(new Polynomial(16), 0.25, 0.6), StringComparison.Ordinal);
        Assert.Null(Refusal(new Polynomial(16), 0.25, 0.6, rejects: false));
        Assert.Null(Refusal(new Polynomial(16), 0, 1));
        Assert.Null(Refusal(new LogLinear(1e-3), 0.25, 0.6));
    }

    [Fact]
    public void A_range_without_any_number_of_masks_is_refused()
    {
        var loss = new BlockLoss(Setup(1), 0.3, 0.8);
        Assert.Throws<ArgumentException>(() => loss.Mask(X0, loss.Place(0.5, _ => 0.5), (_, _) => 0.5));
    }

    // The published range begins at 1e-3, which bounds times and not shares: blocks without masks are kept. Where they are drawn again, as
    // at any other bound, blocks of four come out
    // with 4t/(1 − (1 − t)⁴) masks instead of 4t, and the loss 2.3 times as large.
    [Theory, InlineData(1.0), InlineData(0.8)]
    public void The_published_range_keeps_blocks_without_masks(double most)
    {
        const double Time = 0.25;
        var loss = BlockLoss.Released(Setup(4), 1e-3, most);
        var draw = loss.Place(0.5, _ => 0.5) with { Times = [Time, Time, Time, Time] };
        double masks = 0, kept = 0;
        for (int pattern = 0; pattern < 16; pattern++)
        {
            int count = int.PopCount(pattern);
            if ((double)count / 4 > most)
                continue; // is drawn again
            double probability = Math.Pow(Time, count) * Math.Pow(1 - Time, 4 - count);
            long[] xt = loss.Mask(X0, draw, (attempt, i) => attempt == 0 ? (pattern >> i & 1) == 1 ? 0.1 : 0.9
                : throw new InvalidOperationException($"{count} masks were drawn again"));
            Assert.Equal(count, xt.Count(token => token == 3));
            (masks, kept) = (masks + (probability * count), kept + probability);
        }

        Assert.Equal(most == 1 ? 4 * Time : ((4 * Time) - (4 * Math.Pow(Time, 4))) / (1 - Math.Pow(Time, 4)), masks / kept, 1e-12);
    }

    [Fact]
    public void A_range_that_begins_above_the_published_one_draws_blocks_without_masks_again()
    {
        var loss = BlockLoss.Released(Setup(4), 0.2, 1);
        Assert.Single(loss.Mask(X0, loss.Place(0.5, _ => 0.5), (attempt, i) => attempt == 1 && i == 2 ? 0.1 : 0.9), token => token == 3);
    }

    [Fact]
    public void The_published_range_goes_with_blocks_of_one_and_with_every_schedule()
    {
        Assert.Null(ObjectiveLimits.Blocks(BlockLoss.Released(Setup(1), 1e-3, 0.9)));
        Assert.Null(ObjectiveLimits.Blocks(BlockLoss.Released(Setup(4) with { Schedule = new Polynomial(16) }, 1e-3, 1)));
        var loss = BlockLoss.Released(Setup(1), 1e-3, 0.9);
        Assert.DoesNotContain(3, loss.Mask(X0, loss.Place(0.5, _ => 0.5), (_, _) => 0.95));
    }

    [Fact]
    public void As_released_high_ranges_count_every_masked_token_alike()
    {
        Assert.Equal(1, BlockLoss.Released(Setup(4), 0.6, 1).Weight(0.7));
        Assert.Equal(1 / 0.7, BlockLoss.Released(Setup(4), 0.45, 0.95).Weight(0.7), 1e-12);
    }

    // ∫ over all blocks' own times. The expected nats of a block of up to four are a polynomial of degree three in its time, for which two
    // Gauss points are exact.
    private static double Bound(Func<IDenoiser, NoisyBatch, TorchSharp.torch.Device, TorchSharp.torch.Tensor> objective,
        DiffusionSetup setup, long[] x) => new[] { -1, 1 }.Average(side =>
    {
        double t = 0.5 + (side / Math.Sqrt(12));
        var drawn = setup.Hyperschedule.Draw(0.5, _ => 0.5, continuous: true);
        return ExactBound.At(objective, new ToyDenoiser(), setup, x, drawn with { Times = [t, t, t, t] });
    });

    private static DiffusionSetup Setup(int width) => new(
        new Vocabulary("toy", ToyDenoiser.TokenCount), new Absorbing(), new LogLinear(0), Hyperschedule.Block(4, width, 4),
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
