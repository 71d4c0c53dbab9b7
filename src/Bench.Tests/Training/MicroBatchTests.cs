using Bench.Attention;
using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Tests.Objectives;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Training;

/// <summary>A batch in parts, and batches drawn ahead, against a batch in one piece.</summary>
public sealed class MicroBatchTests
{
    private const int Length = 16, Batch = 6;
    private const double Most = 1e-5;

    private static readonly TrainingPlan Plan =
        TinyTask.Plan with { Steps = 8, BatchSize = Batch, LogEvery = 1, WarmupSteps = 2, CheckpointEvery = 8 };

    private static readonly NetworkMethod[] Methods = [.. MethodTable.All.OfType<NetworkMethod>()];

    public static TheoryData<string> Names() => [.. Methods.Select(method => method.Name)];

    public static TheoryData<int, string> Objectives() => ObjectiveIdentities.Indices();

    [Theory, MemberData(nameof(Names))]
    public void Every_method_trains_alike_in_parts_of_a_batch(string name)
    {
        var method = Methods.Single(row => row.Name == name);
        var objective = method.Objective(method.Setup(TinyTask.Vocabulary, Length));
        var shape = Shape(method.View.Conditioning);
        // Parts of one row; and of four, of which two rows are left over.
        AreAlike(Losses(shape, objective, Plan), Losses(shape, objective, Plan with { MicroBatch = 1 }));
        AreAlike(Losses(shape, objective, Plan), Losses(shape, objective, Plan with { MicroBatch = 4 }));
    }

    // Objectives as no row of the table has them.
    [Theory, MemberData(nameof(Objectives))]
    public void Every_objective_has_the_same_gradient_in_parts_of_a_batch(int index, string name)
    {
        var objective = ObjectiveIdentities.All[index];
        Assert.Equal(name, objective.Name);
        var shape = new DditShape(Vocabulary: 4, 1, 16, 2, 8, Conditioning.Constant);
        AreAlike(Losses(shape, objective, Plan, length: 4, symbols: 3),
            Losses(shape, objective, Plan with { MicroBatch = 2 }, length: 4, symbols: 3));
    }

    [Theory, InlineData("mdlm"), InlineData("ar"), InlineData("udlm")]
    public void Parts_drop_what_the_whole_batch_drops(string name)
    {
        var method = Methods.Single(row => row.Name == name);
        var objective = method.Objective(method.Setup(TinyTask.Vocabulary, Length));
        var shape = Shape(method.View.Conditioning) with { Dropout = 0.3 };
        double[] whole = Losses(shape, objective, Plan);
        AreAlike(whole, Losses(shape, objective, Plan with { MicroBatch = 4 }));
        double[] without = Losses(Shape(method.View.Conditioning), objective, Plan);
        Assert.True(whole.Zip(without).Max(pair => Math.Abs(pair.First - pair.Second)) > Most, "dropout changed nothing");
    }

    // Parts count by their targets, not by their rows.
    [Fact]
    public void Rows_with_different_numbers_of_targets_count_as_in_the_whole_batch()
    {
        var method = Methods.Single(row => row.Name == "mdlm");
        var objective = method.Objective(method.Setup(TinyTask.Vocabulary, Length));
        var shape = Shape(method.View.Conditioning);
        double[] whole = Losses(shape, objective, Plan, given: true);
        AreAlike(whole, Losses(shape, objective, Plan with { MicroBatch = 1 }, given: true));
        AreAlike(whole, Losses(shape, objective, Plan with { MicroBatch = 4 }, given: true));
    }

    [Theory, MemberData(nameof(Names))]
    public void Drawn_ahead_and_logged_from_the_device_the_losses_are_the_same(string name)
    {
        var method = Methods.Single(row => row.Name == name);
        var objective = method.Objective(method.Setup(TinyTask.Vocabulary, Length));
        var shape = Shape(method.View.Conditioning);
        AreAlike(Losses(shape, objective, Plan), Losses(shape, objective, Plan with { MicroBatch = 4 }, isAsynchronous: true));
    }

    [Theory, MemberData(nameof(Objectives))]
    public void Noise_is_drawn_without_the_network(int index, string name)
    {
        var objective = ObjectiveIdentities.All[index];
        Assert.Equal(name, objective.Name);
        if (objective is NextToken)
            return; // draws nothing
        var map = objective.GetType().GetInterfaceMap(typeof(IObjective));
        int at = Array.FindIndex(map.InterfaceMethods, method => method.Name == nameof(IObjective.Draw));
        Assert.Equal(objective.GetType(), map.TargetMethods[at].DeclaringType); // not the one that leaves everything for later
    }

    [Fact]
    public void What_is_averaged_in_the_log_is_the_same_at_any_distance_of_its_rows()
    {
        var objective = new MaskedNelbo(TinyTask.Masked(Length));
        var shape = Shape(Conditioning.Constant);
        double[] each = Losses(shape, objective, Plan, isAsynchronous: true);
        double[] pairs = Losses(shape, objective, Plan with { LogEvery = 2 }, isAsynchronous: true);
        AreAlike([.. each.Chunk(2).Select(pair => pair.Average())], pairs);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_loss_that_is_no_number_stops_the_run_before_anything_is_kept(bool isAsynchronous)
    {
        using var network = new Ddit(Shape(Conditioning.Constant), RandomStream.Root(1));
        using (no_grad())
            network.parameters().First().fill_(float.NaN);
        using var trainer = Trainer(network, new MaskedNelbo(TinyTask.Masked(Length)), Plan with { LogEvery = 3 }, isAsynchronous);
        var kept = new List<long>();
        var log = new Recorder { OnCheckpoint = at => kept.Add(at.Step) };
        var stopped = Assert.Throws<SuiteException>(() => trainer.Run(log, default));
        Assert.Contains(isAsynchronous ? "in steps 0 to 2" : "at step 0", stopped.Message, StringComparison.Ordinal);
        Assert.Empty(kept);
        Assert.Empty(log.Points);
    }

    [Fact]
    public void Batches_come_in_their_order_and_a_failure_at_its_step()
    {
        using var made = new TrainingBatches(step => step == 3 ? throw new SuiteException("three", "mend it") : Of(step))
        {
            IsAhead = true,
        };
        Assert.Equal([0, 1, 2], new long[] { 0, 1, 2 }.Select(step => made.Take(step, isLast: false).Examples[0]));
        Assert.Equal("three", Assert.Throws<SuiteException>(() => made.Take(3, isLast: false)).Message);
        // Back to where a checkpoint was, with another batch on its way.
        Assert.Equal(7, made.Take(7, isLast: false).Examples[0]);
        Assert.Equal(1, made.Take(1, isLast: false).Examples[0]);
        Assert.Equal(2, made.Take(2, isLast: true).Examples[0]);

        static TrainingBatch Of(long step) =>
            TrainingBatch.Of(new ExampleBatch([0, 1], [step]), [0.5], new(0, 1), rows: 1,
                (_, _) => (_, device) => zeros([1, 2], float32, device));
    }

    [Theory, InlineData(6, new[] { 0 }), InlineData(4, new[] { 0, 4 }), InlineData(1, new[] { 0, 1, 2, 3, 4, 5 })]
    public void Parts_cover_the_batch_once(int rows, int[] firsts)
    {
        var batch = new ExampleBatch([.. Enumerable.Range(0, 12).Select(i => (long)i)], [10, 11, 12, 13, 14, 15]);
        var seen = new List<(long Example, double Level)>();
        var cut = TrainingBatch.Of(batch, [0, 0.1, 0.2, 0.3, 0.4, 0.5], new(0, 6), rows, (part, levels) =>
        {
            seen.AddRange(part.Examples.Zip(levels));
            return (_, device) => zeros([part.Rows, 2], float32, device);
        });
        Assert.Equal(firsts, cut.Parts.Select(part => part.FirstRow));
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (10L + i, i / 10.0)), seen);
    }

    [Theory, InlineData(6, new[] { 2 }), InlineData(2, new[] { 2, 4 })]
    public void Parts_of_a_rank_cover_its_rows_at_their_places_in_the_batch(int rows, int[] firsts)
    {
        var batch = new ExampleBatch([.. Enumerable.Range(0, 12).Select(i => (long)i)], [10, 11, 12, 13, 14, 15]);
        var seen = new List<long>();
        var cut = TrainingBatch.Of(batch, [0, 0.1, 0.2, 0.3, 0.4, 0.5], new(2, 5), rows, (part, _) =>
        {
            seen.AddRange(part.Examples);
            return (_, device) => ones([part.Rows, 2], float32, device);
        });
        Assert.Equal(firsts, cut.Parts.Select(part => part.FirstRow));
        Assert.Equal([12, 13, 14], seen);
        Assert.Equal([10, 11, 12, 13, 14, 15], cut.Examples);
        // Six of the batch's twelve tokens, of a nat each.
        using var share = cut.Share(ones([3, 2]));
        Assert.Equal(0.5, share.item<float>(), 1e-7);
    }

    [Fact]
    public void No_part_is_larger_than_the_batch_and_none_is_empty()
    {
        Assert.Equal(Batch, (Plan with { MicroBatch = 100 }).RowsAtOnce);
        Assert.Equal(Batch, Plan.RowsAtOnce);
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan with { MicroBatch = 0 });
    }

    private static DditShape Shape(Conditioning conditioning) => new(TinyTask.Vocabulary.Size, 1, 16, 2, 8, conditioning);

    private static void AreAlike(double[] one, double[] other)
    {
        Assert.Equal(one.Length, other.Length);
        Assert.All(one.Zip(other), pair => Assert.InRange(pair.First - pair.Second, -Most * Math.Max(1, Math.Abs(pair.First)),
            Most * Math.Max(1, Math.Abs(pair.First))));
    }

    private static double[] Losses(DditShape shape, IObjective objective, TrainingPlan plan, int length = Length, int? symbols = null,
        bool given = false, bool isAsynchronous = false)
    {
        using var network = new Ddit(shape, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(4), spread: 0.2);
        var log = new Recorder();
        using var trainer = Trainer(network, objective, plan, isAsynchronous, length, symbols, given);
        trainer.Run(log, default);
        return [.. log.Points.Select(point => point.Loss)];
    }

    private static Trainer Trainer(Ddit network, IObjective objective, TrainingPlan plan, bool isAsynchronous, int length = Length,
        int? symbols = null, bool given = false)
    {
        var tokens = TinyTask.Tokens();
        if (symbols is { } few)
        {
            int[] read = new int[tokens.Count];
            tokens.CopyTo(0, read);
            tokens = new(new("toy", few), Array.ConvertAll(read, token => token % few));
        }

        IExamples data = new BatchStream(tokens, length, plan.BatchSize, RandomStream.Root(2));
        if (given)
        {
            data = new MadeExamples(data, batch => batch with
            {
                Given = [.. from example in batch.Examples from i in Enumerable.Range(0, batch.Length) select i < example % 7],
            });
        }

        return new(network, objective, data, plan, RandomStream.Root(3), CPU) { IsAsynchronous = isAsynchronous };
    }
}
