using Bench.Backbone;
using Bench.Objectives;
using Bench.Results;
using Bench.Tests.Data;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Training;

public sealed class TrainerTests
{
    private static readonly MaskedNelbo Masked = new(TinyTask.Masked(16));

    public static TheoryData<double, string> Interrupted() => new() { { 0, "adamw" }, { 0.2, "adamw" }, { 0, "muon" }, { 0.2, "muon" } };

    [Theory, MemberData(nameof(Interrupted))]
    public void A_run_that_is_stopped_and_resumed_ends_with_the_same_bits(double dropout, string optimiser)
    {
        var plan = TinyTask.Plan with { Optimiser = Of(optimiser) };
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "ten.ckpt");
        using var straight = TinyTask.Network(dropout: dropout);
        using (var trainer = TinyTask.Trainer(straight, Masked, plan))
            trainer.Run(new Recorder(), default);

        using var first = TinyTask.Network(dropout: dropout);
        using (var trainer = TinyTask.Trainer(first, Masked, plan))
        {
            using var stop = new CancellationTokenSource();
            trainer.Run(new Recorder { OnCheckpoint = at => Stop(at, stop) }, stop.Token);
            Assert.Equal(10, trainer.Step);
        }

        using var second = TinyTask.Network(dropout: dropout);
        using (var trainer = TinyTask.Trainer(second, Masked, plan))
        {
            trainer.Restore(path, "run");
            trainer.Run(new Recorder(), default);
            Assert.Equal(20, trainer.Step);
        }

        Assert.Equal(Bits(straight), Bits(second));
        Assert.NotEqual(Bits(first), Bits(second));

        void Stop(Trainer trainer, CancellationTokenSource stop)
        {
            trainer.Save(path, "run");
            stop.Cancel();
        }
    }

    [Theory, InlineData("adamw"), InlineData("muon")]
    public void Training_lowers_the_loss_and_its_average_is_a_network_of_its_own(string optimiser)
    {
        using var network = TinyTask.Network(causal: true);
        var log = new Recorder();
        var plan = TinyTask.Plan with { Steps = 150, BatchSize = 8, LearningRate = 1e-2, Optimiser = Of(optimiser) };
        using var trainer = TinyTask.Trainer(network, new NextToken(TinyTask.Vocabulary.MaskId), plan);
        trainer.Run(log, default);
        Assert.True(log.Points[^1].Loss < log.Points[0].Loss - 0.05, $"from {log.Points[0].Loss} to {log.Points[^1].Loss}");
        Assert.Equal(150 * 8 * 16, log.Points[^1].Tokens);
        using var average = TinyTask.Network(causal: true);
        trainer.CopyAverageTo(average);
        Assert.NotEqual(Bits(network), Bits(average));
    }

    [Fact]
    public void Noise_levels_are_drawn_as_the_plan_says()
    {
        double[] losses = [.. Enum.GetValues<LevelSampling>().Select(kind =>
        {
            using var network = TinyTask.Network();
            var log = new Recorder();
            using var trainer = TinyTask.Trainer(network, Masked, TinyTask.Plan with { Levels = kind });
            trainer.Run(log, default);
            return log.Points[^1].Loss;
        })];
        Assert.All(losses, loss => Assert.True(double.IsFinite(loss)));
        Assert.Equal(losses.Length, losses.Distinct().Count());
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_says_where()
    {
        using var network = TinyTask.Network();
        using (no_grad())
            network.parameters().First().fill_(float.NaN);
        using var trainer = TinyTask.Trainer(network, Masked);
        var stopped = Assert.Throws<SuiteException>(() => trainer.Run(new Recorder { LastCheckpoint = "step-7.ckpt" }, default));
        Assert.Contains("step 0", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("examples 0 to 3", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("step-7.ckpt", stopped.Message, StringComparison.Ordinal);
        Assert.Contains("learning-rate", stopped.Fix, StringComparison.Ordinal);
    }

    [Theory, InlineData(Precision.Float32, "adamw"), InlineData(Precision.BFloat16, "adamw"), InlineData(Precision.Float32, "muon")]
    public void A_training_step_leaves_no_tensor_behind(Precision precision, string optimiser)
    {
        using var network = TinyTask.Network();
        using var trainer = TinyTask.Trainer(network, Masked, TinyTask.Plan with { Precision = precision, Optimiser = Of(optimiser) });
        // The counts are this thread's own: other tests do not disturb them.
        List<long> inside = [];
        long before = Live();
        trainer.Run(new Recorder { OnCheckpoint = _ => inside.Add(Live()) }, default);
        Assert.Equal(2, inside.Count);
        Assert.Equal(inside[0], inside[1]);
        Assert.InRange(Live() - before, 0, 2); // the tables of positions are made by the first step and kept
    }

    private static IOptimiserChoice Of(string optimiser) => optimiser == "muon" ? new MuonChoice() : new AdamWChoice();

    private static long Live() => TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static int[] Bits(Ddit network) =>
        [.. network.parameters().SelectMany(parameter => parameter.detach().cpu().data<float>().ToArray())
            .Select(BitConverter.SingleToInt32Bits)];
}
