using Bench.Reference.Sampling;
using Xunit;

namespace Bench.Tests.Reference;

/// <summary>Some of ReMDM's released steps do not keep the share of masks on its schedule.</summary>
public sealed class ReleasedReMdmTests
{
    [Fact]
    public void Forward_and_back_reveals_with_more_than_certainty_in_the_end()
    {
        Assert.InRange(ReleasedReMdm.ForwardBackward(alphaS: 0.3, alphaT: 0.2).Revealed, 0, 1);
        Assert.True(ReleasedReMdm.ForwardBackward(alphaS: 0.9, alphaT: 0.7).Revealed > 1.3);
    }

    [Fact]
    public void The_least_certain_tokens_are_masked_most_and_more_masks_are_left_than_the_schedule_says()
    {
        double[] certainty = [0.2, double.PositiveInfinity, 0.9, double.PositiveInfinity];
        var moves = ReleasedReMdm.Uncertain(certainty, alphaS: 0.75, alphaT: 0.5);
        Assert.True(moves[0].Remasked > moves[2].Remasked);
        Assert.Equal(0, moves[1].Remasked);
        Assert.Equal(0.5, moves[0].Remasked + moves[2].Remasked, 1e-12); // the largest σ, all tokens together
        double visible = moves.Select((each, i) => double.IsInfinity(certainty[i]) ? each.Revealed : 1 - each.Remasked).Average();
        Assert.Equal(0.75 - (0.5 / 4), visible, 1e-12);
    }

    [Fact]
    public void The_loop_waits_at_its_share_of_visible_tokens()
    {
        ReleasedMoveProbabilities At(double t) => ReleasedReMdm.Looped(0.1, on: 0.55, off: 0.05, alphaOn: 0.9, t - 0.05, t);
        Assert.Equal(0, At(0.8).Remasked);
        Assert.Equal(0.1, At(0.3).Remasked);
        Assert.Equal(0.9, Visible(0.9, At(0.3)), 1e-12);
        Assert.Equal(0.9, Visible(0.8, At(0.6)), 1e-12); // the last step before it
        Assert.Equal(1, Visible(0.9, At(0.05)), 1e-12);
    }

    [Theory, InlineData(1.0), InlineData(0.9), InlineData(0.5), InlineData(0.01)]
    public void A_flow_with_corrector_keeps_the_share_of_masks_to_its_schedule(double t)
    {
        foreach (int steps in new[] { 4, 1000 })
        {
            var (moves, next) = new FlowCorrector(steps).From(t);
            Assert.InRange(t - next, 0, (1.0 / steps) + 1e-12);
            Assert.Equal(1 - next, Visible(1 - t, moves), 1e-12);
        }
    }

    [Theory, InlineData(0.0), InlineData(-0.1), InlineData(1.1), InlineData(double.NaN)]
    public void A_flow_has_no_step_from_a_time_outside_of_its_range(double t) =>
        Assert.Contains("t is", Assert.Throws<ArgumentOutOfRangeException>(() => new FlowCorrector(8).From(t)).Message,
            StringComparison.Ordinal);

    [Theory, InlineData(0), InlineData(-1)]
    public void A_flow_has_a_longest_step(int steps) => Assert.Throws<ArgumentOutOfRangeException>(() => new FlowCorrector(steps));

    private static double Visible(double before, ReleasedMoveProbabilities moves) =>
        (before * (1 - moves.Remasked)) + ((1 - before) * moves.Revealed);
}
