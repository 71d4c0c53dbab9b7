using Bench.Training;
using Xunit;

namespace Bench.Tests.Training;

public sealed class TrainingPlanTests
{
    private static readonly TrainingPlan Plan =
        TinyTask.Plan with { Steps = 1000, WarmupSteps = 100, LearningRate = 2, FinalRate = 0.1, EmaDecay = 0.9999 };

    [Fact]
    public void The_rate_rises_linearly_and_falls_by_a_cosine()
    {
        Assert.Equal(0.02, Plan.RateAt(0), 12);
        Assert.Equal(2, Plan.RateAt(99), 12);
        Assert.Equal(2, Plan.RateAt(100), 12);
        Assert.Equal(1.1, Plan.RateAt(550), 12); // half-way between 2 and 0.2
        Assert.Equal(0.2, Plan.RateAt(1000), 12);
        Assert.All(Enumerable.Range(100, 899), step => Assert.True(Plan.RateAt(step + 1) < Plan.RateAt(step)));
    }

    [Fact]
    public void A_final_share_of_one_keeps_the_rate() => Assert.Equal(2, (Plan with { FinalRate = 1 }).RateAt(900), 12);

    [Fact]
    public void A_line_leads_from_the_end_of_the_warm_up_to_the_last_update()
    {
        var plan = Plan with { RateSchedule = new LinearRate(), FinalRate = 0 };
        Assert.Equal([0.02, 2, 2, 1, 2.0 / 900, 0], Rates(plan, 0, 99, 100, 550, 999, 1000), Close);
        Assert.Equal(0.2, (plan with { FinalRate = 0.1 }).RateAt(1000), 12);
        Assert.Equal(2.0 * (1 - (1.0 / 3)), (plan with { Steps = 103 }).RateAt(101), 12);
    }

    [Fact]
    public void A_trapezoid_keeps_the_rate_and_falls_at_its_end()
    {
        var plan = Plan with { RateSchedule = new TrapezoidalRate(0.2), FinalRate = 0 };
        Assert.Equal([0.02, 2, 2, 2, 2, 1.99, 1, 0.01, 0], Rates(plan, 0, 99, 100, 799, 800, 801, 900, 999, 1000), Close);
        Assert.Equal(1.1, (plan with { FinalRate = 0.1 }).RateAt(900), 12);
    }

    [Fact]
    public void A_trapezoid_without_a_plateau_is_a_line_and_a_triangle_begins_behind_the_warm_up()
    {
        var line = Plan with { RateSchedule = new LinearRate(), FinalRate = 0.1 };
        Assert.All([1, 0.95, 0.9], share =>
        {
            var trapezoid = line with { RateSchedule = new TrapezoidalRate(share) };
            Assert.All(Enumerable.Range(0, 1001), step => Assert.Equal(line.RateAt(step), trapezoid.RateAt(step), 12));
        });
    }

    [Theory, InlineData(1, 0), InlineData(1, 1), InlineData(2, 0), InlineData(2, 2)]
    public void The_shortest_trainings_have_rates(int steps, int warmup)
    {
        IRateSchedule[] all = [new CosineRate(), new ConstantRate(), new LinearRate(), new TrapezoidalRate(), new TrapezoidalRate(1)];
        Assert.All(all, schedule =>
        {
            var plan = Plan with { Steps = steps, WarmupSteps = warmup, FinalRate = 0, RateSchedule = schedule };
            Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(plan.RateAt(step), 1e-9, 2));
            Assert.Equal(2, plan.RateAt(Math.Max(0, warmup - 1)), 12);
        });
    }

    [Fact]
    public void A_constant_rate_ends_at_no_share() =>
        Assert.Equal(2, (Plan with { RateSchedule = new ConstantRate(), FinalRate = 0.1 }).RateAt(999), 12);

    [Fact]
    public void A_rate_of_its_own_follows_the_same_schedule() =>
        Assert.All(Enumerable.Range(0, 1000), step => Assert.Equal(Plan.RateAt(step) * 3.5, Plan.RateAt(step, 7), 12));

    [Theory, InlineData(0.0), InlineData(1.1), InlineData(-0.2), InlineData(double.NaN)]
    public void A_cool_down_that_is_no_share_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TrapezoidalRate(share));

    [Fact]
    public void The_average_reaches_its_limit_at_the_published_update()
    {
        Assert.Equal(0.1, Plan.EmaDecayAt(0), 12);
        Assert.True(Plan.EmaDecayAt(89_988) < 0.9999);
        Assert.Equal(0.9999, Plan.EmaDecayAt(89_990));
        Assert.Equal(0.9999, Plan.EmaDecayAt(1_000_000));
    }

    private static double[] Rates(TrainingPlan plan, params long[] steps) => [.. steps.Select(step => plan.RateAt(step))];

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) < 1e-12;
}
