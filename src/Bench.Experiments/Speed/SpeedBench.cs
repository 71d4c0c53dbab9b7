using System.Collections.Immutable;
using Bench.Experiments.Running;
using Bench.Results;
using Bench.Training;
using TorchSharp;

namespace Bench.Experiments.Speed;

/// <summary>Measures cases in turn, every one once a round: what disturbs the machine for a while disturbs all of them, and ratios stay.</summary>
/// <param name="clock">Measures.</param>
public sealed class SpeedBench(TimeProvider clock)
{
    private const int Warm = 2;
    private const double WarmSeconds = 0.5;

    /// <summary>Rounds.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>How long a case is measured in a round, at least; one training step or one generation is the least.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>The type of products; null for each case's own.</summary>
    public Precision? Precision { get; init; }

    /// <summary>Somebody else's code, measured in turn with ours.</summary>
    public ISpeedPeer? Peer { get; init; }

    /// <summary>Told what is being done.</summary>
    public Action<string> Tell { get; init; } = _ => { };

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
                Tell($"{row.Name}: warming up");
                var run = Begin(row, stop);
                runs.Add(run);
                if (!products.ContainsKey(run.Precision))
                    products[run.Precision] = new GemmPeak(run.Precision);
            }

            for (int round = 0; round < Repeats; round++)
            {
                Tell($"round {round + 1} of {Repeats}");
                var peaks = products.ToDictionary(pair => pair.Key, pair => pair.Value.Measure(clock));
                foreach (var run in runs)
                {
                    run.Samples.Add(SpeedSample.Of(run.Work, Seconds, clock, stop));
                    run.Peaks.Add(peaks[run.Precision]);
                    foreach (var (mode, seconds) in run.Peers)
                        seconds.Add(AskPeer(run.Case, mode, Seconds, stop));
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
        Engine.ReleaseMemory();
        double peak = PeakMemory.Of(() =>
        {
            work = row.Begin(precision);
            WarmUp(work, stop);
        });
        string[] modes = row.HasPeer && Peer is not null ? [.. Peer.Modes] : [];
        foreach (string mode in modes)
            AskPeer(row, mode, seconds: 0, stop);
        return new(row, precision, work!, peak, [.. modes.Select(mode => (mode, new List<double>()))]);
    }

    // Ctrl-C reaches it as well, and it ends before we do.
    private double AskPeer(ISpeedCase row, string mode, double seconds, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            return Peer!.Step(row, mode, seconds);
        }
        catch (SuiteException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
    }

    // Once to the end, so that peak memory is that of all of it.
    private void WarmUp(ISpeedWork work, CancellationToken stop)
    {
        long start = clock.GetTimestamp();
        for (int i = 0; i == 0 || (i < Warm && clock.GetElapsedTime(start).TotalSeconds < WarmSeconds); i++)
            work.Once(stop);
    }

    private sealed record CaseRun(ISpeedCase Case, Precision Precision, ISpeedWork Work, double Peak, ImmutableArray<(string Mode, List<double> Seconds)> Peers)
    {
        public List<SpeedSample> Samples { get; } = [];

        public List<double> Peaks { get; } = [];

        public SpeedResult Result(ISpeedPeer? peer) => new(
            Case, Precision, Work.Tokens, Work.Steps, Work.Flops, Peak, [.. Samples], [.. Peaks], [.. Peers.Select(entry => new PeerResult(peer!.System, entry.Mode, [.. entry.Seconds]))]);
    }
}
