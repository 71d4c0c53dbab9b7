using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Kernels.Ranks;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tests.Training.Parallel;
using Bench.Training;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Runs that a leader carries out with followers; both are threads of this process.</summary>
public sealed class RankedRunTests
{
    private const string Mixed = """
        name: mixed
        data: { corpus: markov-3-1-1-1, length: 16 }
        methods: [ar, ngram-1, mdlm]
        model: { blocks: 1, width: 16, heads: 2, condition-width: 8 }
        training: { steps: 12, batch-size: 4, precision: float32, log-every: 1, validate-every: 6, checkpoint-every: 4 }
        evaluation: { sequences: 8, draws: 2 }
        sampling: { count: 1, steps: 4 }
        """;

    [Fact]
    public void Followers_join_each_training_and_wait_in_between_and_the_numbers_are_those_of_one_process()
    {
        using Workplace alone = new(), together = new();
        var runs = alone.PlanAll(Mixed);
        RunRecord[] one = [.. runs.Select(alone.Finish)];
        Lead(3, together, (leader, runner) =>
            Assert.All(together.PlanAll(Mixed), run => Assert.Equal(RunState.Finished, runner.Run(run, new Recorder()).State)));
        foreach (var record in one)
        {
            var other = together.Store.Read(record.Experiment, record.Id);
            Assert.Equal(record.Curve.Length, other.Curve.Length);
            Assert.All(record.Curve.Zip(other.Curve), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-5));
            Assert.Equal(!record.Curve.IsEmpty, other.Environment!.Device.Contains("3 ranks", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_training_that_diverges_is_recorded_and_the_next_run_follows()
    {
        using var place = new Workplace();
        var specs = place.Read(Mixed).Runs.Where(spec => spec.Training is not null).ToImmutableArray();
        // A first update of that size leaves no finite number. No definition has it: followers are shown one that they read.
        specs = specs.SetItem(0, specs[0] with { Training = specs[0].Training! with { LearningRate = 1e30, WarmupSteps = 0 } });
        Lead(2, place, wrap: ranks => new Moderate(ranks), work: (leader, runner) =>
        {
            RunStatus[] ends = [.. Plan.Of(specs, place.Library, place.Store).Runs.Select(run => runner.Run(run, new Recorder()))];
            Assert.Equal([RunState.Failed, RunState.Finished], ends.Select(end => end.State));
            Assert.Contains("training diverged", ends[0].Reason, StringComparison.Ordinal);
            Assert.False(leader.IsBroken);
        });
    }

    // The others wait in a sum that rank 0 does not come to: they cannot be led any more.
    [Fact]
    public void A_failure_of_the_leader_alone_breaks_the_ranks_apart_and_spares_the_next_run()
    {
        using var place = new Workplace();
        PlannedRun[] runs = [.. place.PlanAll(Mixed).Where(run => run.Spec.Training is not null)];
        var failed = Assert.Throws<InvalidOperationException>(() => Lead(2, place, (leader, runner) =>
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => runner.Run(runs[0], new Recorder(point =>
            {
                if (point.Step == 3)
                    throw new InvalidOperationException("the observer fails");
            })));
            Assert.True(leader.IsBroken);
            Assert.Contains("not together any more",
                Assert.Throws<SuiteException>(() => runner.Run(runs[1], new Recorder())).Message, StringComparison.Ordinal);
            throw thrown; // frees the follower
        }));
        Assert.Equal("the observer fails", failed.Message);
        Assert.False(Directory.Exists(runs[1].Folder));
    }

    [Fact]
    public void A_follower_whose_text_is_another_refuses_it()
    {
        using var place = new Workplace();
        var order = new TrainingOrder(
            place.PlanAll(Mixed)[0].ToJson(), "another hash", FoundPlan.Of(place.Read(Mixed).Runs[0].Training!), "cpu", Threads: null);
        var refused = Assert.Throws<SuiteException>(() => ThreadRanks.Run(2, ranks =>
        {
            if (ranks.Rank == 0)
                ranks.Broadcast(order.ToString());
            else
                new RankFollower(ranks, place.Library, localRank: 1, threads: 1).Follow(default);
            return 0;
        }));
        Assert.Contains("is not the one that rank 0 has", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_order_is_read_as_it_was_written()
    {
        using var place = new Workplace();
        var written = place.Read(Mixed).Runs[0].Training!;
        var plan = written with
        {
            Steps = 77,
            WarmupSteps = 7,
            Precision = Precision.BFloat16,
            MicroBatch = 2,
            LogEvery = 3,
            ValidateEvery = 0,
            CheckpointEvery = 11,
        };
        var order = new TrainingOrder("""{"id":"\u00e4 \"quoted\""}""", "hash", FoundPlan.Of(plan), "cuda:1", 3);
        Assert.Equal(order, TrainingOrder.Read(order.ToString()));
        Assert.Equal(plan, order.Found.Complete(written));
        Assert.DoesNotContain('\n', order.ToString());
    }

    private static void Lead(int count, Workplace place, Action<RankLeader, Runner> work, Func<IRanks, IRanks>? wrap = null) =>
        ThreadRanks.Run(count, ranks =>
    {
        if (ranks.Rank == 0)
        {
            var leader = new RankLeader(wrap?.Invoke(ranks) ?? ranks, () => Assert.Fail("no rank was asked to stop"));
            using var runner = new Runner(place.Library, place.Store, TimeProvider.System) { Ranks = leader };
            work(leader, runner);
            leader.End();
        }
        else
        {
            // A library is for one thread.
            int threads = TorchSharp.torch.get_num_threads();
            new RankFollower(ranks, new DataLibrary(place["cache"]), ranks.Rank, threads).Follow(default);
        }

        return 0;
    });

    // Says of a run, though not of its training, a learning rate that definitions can have.
    private sealed class Moderate(IRanks inner) : IRanks
    {
        public int Rank => inner.Rank;

        public int Count => inner.Count;

        public void Sum(Span<double> few) => inner.Sum(few);

        public void Broadcast(Span<byte> bytes)
        {
            byte[] said = bytes.ToArray();
            int at = said.AsSpan().IndexOf("1E\\u002B30"u8);
            if (at >= 0)
                "0.00000003"u8.CopyTo(said.AsSpan(at));
            inner.Broadcast(said);
        }

        public IPendingSum BeginSum(TorchSharp.torch.Tensor many) => inner.BeginSum(many);
    }
}
