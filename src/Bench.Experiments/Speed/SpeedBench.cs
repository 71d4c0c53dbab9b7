using System.Collections.Immutable;
using Bench.Experiments.Machine;
using Bench.Kernels;
using Bench.Results;
using Bench.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Experiments.Speed;

/// <summary>
/// Measures cases in turn, every one once a round: what disturbs the machine for a while disturbs all of them, and ratios stay.
/// </summary>
/// <param name="clock">Measures.</param>
public sealed class SpeedBench(TimeProvider clock)
{
    private const int Warm = 2;
    private const double WarmSeconds = 0.5, MostSettling = 10;

    /// <summary>Rounds.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>How long a case is measured in a round, at least; one training step or one generation is the least.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>The type of products; null for each case's own.</summary>
    public Precision? Precision { get; init; }

    /// <summary>Another implementation, measured in turn with ours.</summary>
    public ISpeedPeer? Peer { get; init; }

    /// <summary>Notified what is being done.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Measures.</summary>
    /// <exception cref="SuiteException">There is no tensor engine, or the peer cannot go on.</exception>
    public ImmutableArray<SpeedResult> Run(IReadOnlyList<ISpeedCase> cases, CancellationToken stop)
    {
        TorchEnvironment.Require();
        var runs = new List<CaseRun>();
        var products = new Dictionary<Precision, GemmPeak>();
        try
        {
            foreach (var row in cases)
            {
                Report($"{row.Name}: warming up");
                var run = Begin(row, stop);
                runs.Add(run);
                if (!products.ContainsKey(run.Precision))
                    products[run.Precision] = new GemmPeak(run.Precision);
            }

            Settle(runs, stop);
            for (int round = 0; round < Repeats; round++)
            {
                Report($"round {round + 1} of {Repeats}");
                var peaks = products.ToDictionary(pair => pair.Key, pair => pair.Value.Measure(clock));
                foreach (var run in runs)
                {
                    run.Samples.Add(SpeedSample.Of(run.Work, Seconds, clock, stop));
                    run.Peaks.Add(peaks[run.Precision]);
                    foreach (var (mode, steps) in run.Peers)
                        steps.Add(AskPeer(peer => peer.Step(run.Case, mode, Seconds), stop));
                }
            }

            return [.. runs.Select(run => run.Result(Peer))];
        }
        finally
        {
            runs.ForEach(run => run.Work.Dispose());
            foreach (var product in products.Values)
                product.Dispose();
        }
    }

    private CaseRun Begin(ISpeedCase row, CancellationToken stop)
    {
        var precision = TorchEnvironment.Usable(Precision ?? row.Usual);
        ISpeedWork? work = null;
        double took = 0;
        Engine.ReleaseMemory();
        double peak = PeakMemory.Of(() =>
        {
            work = row.Begin(precision);
            took = WarmUp(work, stop);
        });
        string[] modes = Peer is null ? [] : [.. AskPeer(peer => peer.Modes(row), stop)];
        foreach (string mode in modes)
            AskPeer(peer => peer.Step(row, mode, least: 0), stop);
        return new(row, precision, work!, peak, took, [.. modes.Select(mode => (mode, new List<PeerStep>()))]);
    }

    // Each case began with the free memory given back, so that its own could be measured; what the first round asks for again would be page
    // faults.
    private static void Settle(IEnumerable<CaseRun> runs, CancellationToken stop)
    {
        foreach (var run in runs.Where(run => run.WarmSeconds < MostSettling))
            run.Work.Once(stop);
    }

    // Ctrl-C reaches it as well, and it ends before we do.
    private T AskPeer<T>(Func<ISpeedPeer, T> ask, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return ask(Peer!);
        }
        catch (SuiteException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
    }

    // Once to the end, so that peak memory is that of all of it. Gives the seconds that it took.
    private double WarmUp(ISpeedWork work, CancellationToken stop)
    {
        long start = clock.GetTimestamp();
        for (int i = 0; i == 0 || (i < Warm && clock.GetElapsedTime(start).TotalSeconds < WarmSeconds); i++)
            work.Once(stop);
        return clock.GetElapsedTime(start).TotalSeconds;
    }

    private sealed record CaseRun(
        ISpeedCase Case,
        Precision Precision,
        ISpeedWork Work,
        double Peak,
        double WarmSeconds,
        ImmutableArray<(string Mode, List<PeerStep> Steps)> Peers)
    {
        public List<SpeedSample> Samples { get; } = [];

        public List<double> Peaks { get; } = [];

        public SpeedResult Result(ISpeedPeer? peer) => new(
            Case,
            Precision,
            Work.Tokens,
            Work.Steps,
            Work.Flops,
            Peak,
            [.. Samples],
            [.. Peaks],
            [.. Peers.Select(entry => new PeerResult(peer!.System, entry.Mode, [.. entry.Steps]))]);
    }
}

/// <summary>What the machine can do at best: the product of two matrices of 1024 × 1024.</summary>
internal sealed class GemmPeak : IDisposable
{
    private const int Size = 1024, Warm = 3;
    private const double Enough = 0.15, Flops = 2.0 * Size * Size * Size;
    private readonly TorchSharp.torch.Tensor left, right;

    public GemmPeak(Precision precision)
    {
        var type = precision == Precision.BFloat16 ? bfloat16 : float32;
        using var scope = NewDisposeScope();
        left = ones([Size, Size]).to(type).DetachFromDisposeScope();
        right = ones([Size, Size]).to(type).DetachFromDisposeScope();
    }

    /// <summary>Operations a second of the fastest product within a moment: whatever disturbs one makes it slower.</summary>
    public double Measure(TimeProvider clock)
    {
        double best = double.MaxValue, all = 0;
        for (int i = 0; i < Warm || all < Enough; i++)
        {
            long start = clock.GetTimestamp();
            left.matmul(right).Dispose();
            double seconds = clock.GetElapsedTime(start).TotalSeconds;
            best = Math.Min(best, seconds);
            all += seconds;
        }

        return Flops / best;
    }

    public void Dispose()
    {
        left.Dispose();
        right.Dispose();
    }
}
