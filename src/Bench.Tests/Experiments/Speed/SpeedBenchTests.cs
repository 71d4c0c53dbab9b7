using Bench.Experiments.Speed;
using Bench.Kernels;
using Bench.Training;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>Small cases, measured to the end.</summary>
[Collection(nameof(Alone))]
public sealed class SpeedBenchTests
{
    [Theory, InlineData(Precision.Float32), InlineData(null)]
    public void Every_case_is_measured_once_a_round(Precision? precision)
    {
        const int Rounds = 3;
        var said = new List<string>();
        var results = new SpeedBench(TimeProvider.System) { Repeats = Rounds, Seconds = 0, Precision = precision, Report = said.Add }.Run(
            [SmallCases.Training, SmallCases.Sampling], default);

        Assert.Equal(["train-mdlm-small", "sample-ar-small"], results.Select(result => result.Case.Name));
        Assert.Equal([16.0, 24.0], results.Select(result => result.Tokens)); // 2 texts of 8, 3 texts of 8
        Assert.Equal(1, results[0].Steps);
        Assert.Equal(8, results[1].Steps); // a call a token
        Assert.All(results, result =>
        {
            Assert.Equal(Rounds, result.Samples.Length);
            Assert.Equal(Rounds, result.Peaks.Length);
            Assert.All(result.Samples, sample => Assert.True(sample is { Seconds: > 0, ProcessorSeconds: >= 0, PageFaults: >= 0 }));
            Assert.True(
                result.TokensPerSecond.Low > 0 && result.TokensPerSecond.Low <= result.TokensPerSecond.Median
                    && result.TokensPerSecond.Median <= result.TokensPerSecond.High);
            Assert.Equal(result.Flops / result.Tokens * result.TokensPerSecond.Median / 1e9, result.Gigaflops.Median, 1e-9);
            Assert.True(result.PeakShare.Median > 0);
        });
        Assert.Equal(["train-mdlm-small: warming up", "sample-ar-small: warming up", "round 1 of 3", "round 2 of 3", "round 3 of 3"], said);
    }

    [Fact]
    public void A_peer_is_asked_in_every_mode_once_a_round_behind_ours_and_only_for_what_it_has()
    {
        var peer = new AlternatingPeer();
        var results = new SpeedBench(TimeProvider.System) { Repeats = 2, Seconds = 1e-6, Peer = peer }.Run(
            [SmallCases.Training, SmallCases.Sampling], default);
        Assert.Equal(["one False", "other False", "one True", "other True", "one True", "other True"], peer.Asked);
        Assert.Empty(results[1].Peers);
        Assert.Equal(["one", "other"], results[0].Peers.Select(measured => measured.Mode));
        Assert.All(results[0].Peers, measured =>
        {
            Assert.Equal(64, measured.TokensPerSecond(results[0].Tokens).Median); // 16 tokens in a quarter of a second
            Assert.Equal(Quartiles.Of(results[0].Samples.Select(sample => 0.25 / sample.Seconds)), measured.Ratio(results[0].Samples));
            Assert.Equal(Quartiles.Of(results[0].Samples.Select(sample => 0.5 / sample.ProcessorSeconds)),
                measured.ProcessorRatio(results[0].Samples));
        });
    }

    [Fact]
    public void A_stopped_bench_ends()
    {
        using var stop = new CancellationTokenSource();
        var bench =
            new SpeedBench(TimeProvider.System) { Repeats = int.MaxValue, Seconds = 0, Report = line => CancelBehindTheFirst(line, stop) };
        Assert.ThrowsAny<OperationCanceledException>(() => bench.Run([SmallCases.Training], stop.Token));
    }

    [Fact]
    public void A_profile_separates_forward_and_backward_and_sums_to_no_more_than_the_step()
    {
        var profile = SpeedProfile.Of(SmallCases.Training, Precision.Float32, seconds: 0, TimeProvider.System, default);
        Assert.Equal(1, profile.Steps);
        Assert.Equal(profile.Operators.Length, profile.Operators.DistinctBy(entry => (entry.Name, entry.IsBackward)).Count());
        Assert.Contains(profile.Operators, entry => entry is { Name: "product", IsBackward: false });
        Assert.Contains(profile.Operators, entry => entry is { Name: "backward pass", IsBackward: true });
        Assert.True(profile.Operators.Sum(entry => entry.Seconds) <= profile.Seconds);
        Assert.True(profile.ElsewhereSeconds >= 0);
    }

    [Fact]
    public void The_gain_of_a_kernel_is_the_time_a_step_takes_longer_without_it()
    {
        var before = KernelSwitch.Used;
        var shares = KernelShare.Of(SmallCases.Training,
            new SpeedBench(TimeProvider.System) { Repeats = 3, Seconds = 0, Precision = Precision.Float32 }, default);
        Assert.Equal(before, KernelSwitch.Used);
        Assert.Equal([OwnKernels.None, .. KernelSwitch.Each.Select(each => each.Kernel), OwnKernels.All],
            shares.Select(share => share.Off));
        Assert.Equal((new Quartiles(1, 1, 1), 0.0), (shares[0].Slower, shares[0].Saved));
        Assert.All(shares,
            share => Assert.Equal(
                Quartiles.Of(share.Result.Samples.Zip(shares[0].Result.Samples, (without, with) => without.Seconds / with.Seconds)),
                share.Slower));
    }

    [Fact]
    public void Memory_is_looked_at_a_hundred_times_and_at_the_end()
    {
        List<double> steps = [];
        List<long> live = [];
        var trace = MemoryTrace.Of(
            SmallCases.Training, Precision.Float32, steps: 250,
            point =>
            {
                steps.Add(point.Step);
                live.Add(TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            },
            default);
        Assert.Equal(steps, trace.Points.Select(point => point.Step));
        Assert.Equal((1, 250), (steps[0], steps[^1]));
        Assert.InRange(steps.Count, 100, 102);
        Assert.All(trace.Points,
            point => Assert.True(point is { Resident: > 0, Native: > 0, Managed: > 0 } && point.Native < point.Resident));
        // What a step asks for it has given back when it ends. (Bytes would not do: the runtime compiles what is run often, on the same
        // heap.)
        Assert.Single(live.Skip(1).Distinct());
    }

    private static void CancelBehindTheFirst(string line, CancellationTokenSource stop)
    {
        if (line.StartsWith("round 2", StringComparison.Ordinal))
            stop.Cancel();
    }
}
