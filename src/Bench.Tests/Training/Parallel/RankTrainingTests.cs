using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Kernels.Ranks;
using Bench.Methods;
using Bench.Noise;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Training.Parallel;

/// <summary>A batch shared out to ranks against a batch of one process.</summary>
public sealed class RankTrainingTests
{
    private const int Length = 16, Batch = 6;
    private const double Most = 1e-5;

    private static readonly TrainingPlan Plan =
        TinyTask.Plan with { Steps = 8, BatchSize = Batch, LogEvery = 1, WarmupSteps = 2, CheckpointEvery = 4 };

    private static readonly NetworkMethod[] Methods = [.. MethodTable.All.OfType<NetworkMethod>()];

    public static TheoryData<string> Names() => [.. Methods.Select(method => method.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Every_method_trains_alike_on_any_number_of_ranks(string name)
    {
        var (shape, objective) = Of(name);
        var whole = Alone(shape, objective, Plan);
        AreAlike(whole, Together(2, shape, objective, Plan));
        AreAlike(whole, Together(4, shape, objective, Plan)); // of which two have one row, and two have two
        AreAlike(whole, Together(2, shape, objective, Plan with { MicroBatch = 2 }));
    }

    [Theory, InlineData("mdlm"), InlineData("ar")]
    public void Ranks_drop_what_a_process_alone_drops(string name)
    {
        var (shape, objective) = Of(name);
        var whole = Alone(shape with { Dropout = 0.3 }, objective, Plan);
        AreAlike(whole, Together(3, shape with { Dropout = 0.3 }, objective, Plan));
        Assert.NotEqual(whole.Losses, Alone(shape, objective, Plan).Losses);
    }

    // Ranks count by their targets, not by their rows.
    [Fact]
    public void Rows_with_different_numbers_of_targets_count_as_in_the_whole_batch()
    {
        var (shape, objective) = Of("mdlm");
        AreAlike(
            Alone(shape, objective, Plan, (example, i) => i < example % 7),
            Together(3, shape, objective, Plan, (example, i) => i < example % 7));
    }

    [Theory, InlineData("mdlm"), InlineData("ar"), InlineData("bd3lm")]
    public void A_rank_whose_rows_have_no_target_joins_in(string name)
    {
        var (shape, objective) = Of(name);
        // All of the first half of each batch is given.
        AreAlike(
            Alone(shape, objective, Plan, (example, _) => example % Batch < Batch / 2),
            Together(2, shape, objective, Plan, (example, _) => example % Batch < Batch / 2));
    }

    [Fact]
    public void Batches_drawn_ahead_are_shared_out_alike()
    {
        var (shape, objective) = Of("mdlm");
        AreAlike(Alone(shape, objective, Plan), Together(2, shape, objective, Plan, isAsynchronous: true));
    }

    [Fact]
    public void All_ranks_begin_with_the_state_of_the_first_and_end_with_the_same_bits()
    {
        var (shape, objective) = Of("mdlm");
        int[][] bits = ThreadRanks.Run(3, ranks =>
        {
            using var network = new Ddit(shape, RandomStream.Root(100 + (ulong)ranks.Rank));
            using var trainer = Trainer(network, objective, Plan, ranks);
            trainer.Run(new Recorder(), default);
            return Bits(network);
        });
        Assert.Equal(bits[0], bits[1]);
        Assert.Equal(bits[0], bits[2]);
    }

    [Fact]
    public void A_checkpoint_of_some_ranks_is_gone_on_from_by_fewer()
    {
        using var folder = new Data.TemporaryFolder();
        string path = Path.Combine(folder.Path, "four.ckpt");
        var (shape, objective) = Of("mdlm");
        var whole = Alone(shape, objective, Plan);
        var begun = Together(3, shape, objective, Plan, onCheckpoint: trainer =>
        {
            if (trainer.Step == 4)
                trainer.Save(path, "run");
        });
        AreAlike(whole, begun);

        // Only the first reads the checkpoint.
        double[][] losses = ThreadRanks.Run(2, ranks =>
        {
            using var network = Network(shape);
            using var trainer = Trainer(network, objective, Plan, ranks);
            if (ranks.Rank == 0)
                trainer.Restore(path, "run");
            var log = new Recorder();
            trainer.Run(log, default);
            return log.Points.Select(point => point.Loss).ToArray();
        });
        Assert.All(losses, each => AreClose(whole.Losses[4..], each));
    }

    [Theory, InlineData(0), InlineData(1)]
    public void All_ranks_stop_behind_the_same_step_whichever_is_asked_to(int asked)
    {
        var (shape, objective) = Of("mdlm");
        (long Step, long[] Kept)[] ends = ThreadRanks.Run(2, ranks =>
        {
            using var stop = new CancellationTokenSource();
            using var network = Network(shape);
            using var trainer = Trainer(network, objective, Plan with { Steps = 1000, CheckpointEvery = 1000 }, ranks);
            var kept = new List<long>();
            trainer.Run(new StopAt(3, ranks.Rank == asked ? stop : null, kept), stop.Token);
            return (trainer.Step, kept.ToArray());
        });
        Assert.Equal(ends[0].Step, ends[1].Step);
        Assert.InRange(ends[0].Step, 3, 4);
        Assert.All(ends, end => Assert.Equal([end.Step], end.Kept));
    }

    [Fact]
    public void Ranks_that_are_asked_to_stop_before_the_first_step_take_none()
    {
        var (shape, objective) = Of("mdlm");
        Assert.All(ThreadRanks.Run(2, ranks =>
        {
            using var network = Network(shape);
            using var trainer = Trainer(network, objective, Plan, ranks);
            trainer.Run(new Recorder(), new CancellationToken(canceled: ranks.Rank == 1));
            return trainer.Step;
        }), step => Assert.Equal(0, step));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_loss_that_is_no_number_on_one_rank_stops_all_alike(bool isAsynchronous)
    {
        var (shape, objective) = Of("mdlm");
        // Row 5 of the third batch is the second rank's.
        string[] ends = ThreadRanks.Run(2, ranks =>
        {
            using var network = Network(shape);
            using var trainer = Trainer(network, new NoNumber(objective, example: (2 * Batch) + 5), Plan, ranks,
                isAsynchronous: isAsynchronous);
            var kept = new List<long>();
            var log = new Recorder { OnCheckpoint = at => kept.Add(at.Step) };
            var stopped = Assert.Throws<SuiteException>(() => trainer.Run(log, default));
            Assert.Empty(kept);
            Assert.True(trainer.HasDiverged);
            return stopped.Message;
        });
        Assert.Equal(ends[0], ends[1]);
        Assert.Contains(isAsynchronous ? "in steps 2 to 2" : "at step 2", ends[0], StringComparison.Ordinal);
    }

    [Fact]
    public void More_ranks_than_rows_are_refused()
    {
        var (shape, objective) = Of("mdlm");
        var refused = Assert.Throws<SuiteException>(() => Together(Batch + 1, shape, objective, Plan));
        Assert.Contains("6 sequences cannot be shared out to 7 ranks", refused.Message, StringComparison.Ordinal);
    }

    private static (DditShape Shape, IObjective Objective) Of(string name)
    {
        var method = Methods.Single(row => row.Name == name);
        return (new(TinyTask.Vocabulary.Size, 1, 16, 2, 8, method.View.Conditioning),
            method.Objective(method.Setup(TinyTask.Vocabulary, Length)));
    }

    private static (double[] Losses, double[] Norms) Alone(DditShape shape, IObjective objective, TrainingPlan plan,
        Func<long, int, bool>? given = null) => Train(shape, objective, plan, ranks: null, given);

    private static (double[] Losses, double[] Norms) Together(int count, DditShape shape, IObjective objective, TrainingPlan plan,
        Func<long, int, bool>? given = null, bool isAsynchronous = false, Action<Trainer>? onCheckpoint = null)
    {
        var each = ThreadRanks.Run(count, ranks =>
            Train(shape, objective, plan, ranks, given, isAsynchronous, ranks.Rank == 0 ? onCheckpoint : null));
        Assert.All(each, one => Assert.Equal(each[0].Losses, one.Losses)); // what is logged is the whole batch's
        return each[0];
    }

    private static (double[] Losses, double[] Norms) Train(DditShape shape, IObjective objective, TrainingPlan plan, IRanks? ranks,
        Func<long, int, bool>? given, bool isAsynchronous = false, Action<Trainer>? onCheckpoint = null)
    {
        using var network = Network(shape);
        var log = new Recorder { OnCheckpoint = onCheckpoint ?? (_ => { }) };
        using var trainer = Trainer(network, objective, plan, ranks, given, isAsynchronous);
        trainer.Run(log, default);
        return ([.. log.Points.Select(point => point.Loss)], [.. log.Points.Select(point => point.GradientNorm)]);
    }

    private static Ddit Network(DditShape shape)
    {
        var network = new Ddit(shape, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(4), spread: 0.2);
        return network;
    }

    private static Trainer Trainer(Ddit network, IObjective objective, TrainingPlan plan, IRanks? ranks,
        Func<long, int, bool>? given = null, bool isAsynchronous = false)
    {
        IExamples data = new BatchStream(TinyTask.Tokens(), Length, plan.BatchSize, RandomStream.Root(2));
        if (given is not null)
        {
            data = new MadeExamples(data, batch => batch with
            {
                Given = [.. from example in batch.Examples from i in Enumerable.Range(0, batch.Length) select given(example, i)],
            });
        }

        return new(network, objective, data, plan, RandomStream.Root(3), CPU, ranks) { IsAsynchronous = isAsynchronous };
    }

    private static void AreAlike((double[] Losses, double[] Norms) one, (double[] Losses, double[] Norms) other)
    {
        AreClose(one.Losses, other.Losses);
        AreClose(one.Norms, other.Norms);
    }

    private static void AreClose(double[] one, double[] other)
    {
        Assert.Equal(one.Length, other.Length);
        Assert.All(one.Zip(other), pair => Assert.InRange(pair.First - pair.Second, -Most * Math.Max(1, Math.Abs(pair.First)),
            Most * Math.Max(1, Math.Abs(pair.First))));
    }

    private static int[] Bits(Ddit network) =>
        [.. network.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())
            .Select(BitConverter.SingleToInt32Bits)];

    // Asks to stop when a step is logged.
    private sealed class StopAt(long step, CancellationTokenSource? stop, List<long> kept) : ITrainingHooks
    {
        public string? LastCheckpoint => null;

        public void Log(TrainingPoint point)
        {
            if (point.Step == step)
                stop?.Cancel();
        }

        public double Validate(Trainer trainer) => 0;

        public void Checkpoint(Trainer trainer) => kept.Add(trainer.Step);
    }

    // NaN for one example.
    private sealed class NoNumber(IObjective inner, long example) : IObjective
    {
        public string Name => inner.Name;

        public ProcessFamily Family => inner.Family;

        public bool IsExact => inner.IsExact;

        public ConstantTerms Constants => inner.Constants;

        public Tensor PerPosition(IDenoiser network, ExampleBatch batch, ReadOnlySpan<double> levels, RandomStream noise, Device device) =>
            batch.Examples.Contains(example)
                ? inner.PerPosition(network, batch, levels, noise, device) * float.NaN
                : inner.PerPosition(network, batch, levels, noise, device);
    }
}
