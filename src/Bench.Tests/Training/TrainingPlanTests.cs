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
    public void The_average_reaches_its_limit_at_the_published_update()
    {
        Assert.Equal(0.1, Plan.EmaDecayAt(0), 12);
        Assert.True(Plan.EmaDecayAt(89_988) < 0.9999);
        Assert.Equal(0.9999, Plan.EmaDecayAt(89_990));
        Assert.Equal(0.9999, Plan.EmaDecayAt(1_000_000));
    }
}
