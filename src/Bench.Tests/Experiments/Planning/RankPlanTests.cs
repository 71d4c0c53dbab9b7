using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>What ranks divide, and what each of them takes whole.</summary>
public sealed class RankPlanTests : IDisposable
{
    private static readonly RunTimeEstimate Alone = new(Training: 80, Likelihood: 10, Generation: 6);
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    // A batch of 8.
    [Theory]
    [InlineData(1, 1, true, 80, 10, 6)]
    [InlineData(8, 1, true, 10, 10, 6)]
    [InlineData(3, 3, true, 30, 10, 6)] // three rows of eight are the slowest rank's
    [InlineData(8, 1, false, 80, 80, 48)] // of one machine's cores each has an eighth
    [InlineData(8, 4, false, 20, 20, 12)]
    [InlineData(8, 8, false, 10, 10, 6)]
    public void Ranks_divide_the_rows_of_a_batch_and_those_of_a_machine_its_cores(
        int ranks, int machines, bool hasCards, double training, double likelihood, double generation)
    {
        var found = RankPlan.On(ranks, machines).TimeOf(place.Plan("mdlm").Spec, Alone, hasCards);
        Assert.Equal(new(training, likelihood, generation), found);
    }

    [Fact]
    public void Training_that_is_given_time_takes_it_and_makes_more_steps()
    {
        var spec = place.Plan("mdlm").Spec with { Budget = new TimeBudget(80 / 60.0, WarmupSteps: null) };
        var found = RankPlan.On(4, 4).TimeOf(spec, Alone with { Steps = 100 }, hasCards: false);
        Assert.Equal(new RunTimeEstimate(80, 10, 6) { Steps = 400 }, found);
        Assert.Equal(Alone, RankPlan.On(4, 4).TimeOf(place.Plan("ngram-2").Spec, Alone, hasCards: false)); // it has no network
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void Every_rank_of_a_machine_holds_the_weights_and_its_rows(int ranks)
    {
        var spec = place.Plan("mdlm").Spec;
        var alone = MemoryEstimate.Of(spec, text: null);
        var all = Memory(ranks, machines: 1);
        double gradients = ranks == 1 ? 0 : 4.0 * spec.Parameters!.Value;
        Assert.Equal(ranks * alone.Program, all.Program);
        Assert.Equal((ranks * alone.Weights) + gradients, all.Weights, 1e-6 * all.Weights);
        Assert.Equal(ranks * ((8 + ranks - 1) / ranks), all.Sequences);
        Assert.Equal((alone.Measuring, alone.Generating), (all.Measuring, all.Generating)); // rank 0 alone does that
        var apart = Memory(ranks, machines: ranks);
        Assert.Equal((alone.Program, alone.Weights + gradients, 1), (apart.Program, apart.Weights, apart.Processes));
        Assert.Equal((8 + ranks - 1) / ranks, apart.Sequences);

        MemoryEstimate Memory(int count, int machines) => RankPlan.On(count, machines).MemoryOf(spec, alone);
    }

    [Fact]
    public void The_memory_check_counts_all_ranks_of_a_machine_and_advises_a_batch_for_each_of_them()
    {
        var plan = Plan.Of([place.Plan("mdlm", RunCostTests.Published).Spec], place.Library, place.Store);
        double alone = plan.CostOf(plan.Runs[0]).Memory.Bytes, both = Bytes(2, 1);
        Assert.InRange(both, alone, 2 * alone);
        var machine = new MachineLimits((long)(both - (both / 100)), FreeDisk: 1L << 42);
        Assert.Empty(plan.OnRanks(RankPlan.On(2, 2)).Misfits(machine));
        var problem = Assert.Single(plan.OnRanks(RankPlan.On(2, 1)).Misfits(machine));
        Assert.Contains(", in 2 ranks)", problem.What, StringComparison.Ordinal);
        var advised = System.Text.RegularExpressions.Regex.Match(problem.Fix, @"^Give --micro-batch (\d+), which fits");
        int rows = int.Parse(advised.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Empty(plan.InMicroBatches(rows).OnRanks(RankPlan.On(2, 1)).Misfits(machine));
        Assert.NotEmpty(plan.InMicroBatches(rows + 1).OnRanks(RankPlan.On(2, 1)).Misfits(machine));

        double Bytes(int ranks, int machines) => plan.OnRanks(RankPlan.On(ranks, machines)).CostOf(plan.Runs[0]).Memory.Bytes;
    }
}
