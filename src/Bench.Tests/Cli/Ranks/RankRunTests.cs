using System.Globalization;
using Bench.Numerics;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Data;
using Xunit;

namespace Bench.Tests.Cli.Ranks;

/// <summary>Runs of several processes, as <c>mpirun</c> starts them.</summary>
public sealed class RankRunTests : IDisposable
{
    private const double Most = 1e-5;
    private const int Steps = 50, Endless = 100_000_000;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [MpirunFact]
    public void Two_ranks_have_the_losses_of_one_and_of_one_with_micro_batches()
    {
        string definition = folder.Write("methods.yaml", Definition("ar, mdlm, bd3lm, gamma-slide, ngram-1"));
        AssertEnds(0, new BenchProcess(folder.Path, "run", definition, "--results", "one", "--threads", "1"));
        AssertEnds(0,
            new BenchProcess(folder.Path, "run", definition, "--results", "parts", "--threads", "1", "--micro-batch", "2"));
        var answer = AssertEnds(0, Mpirun.Start(folder.Path, 2, "run", definition, "--results", "two", "--threads", "1"));
        Assert.Equal(1, answer.Output.Split('\n').Count(line => line.StartsWith("5 runs, ", StringComparison.Ordinal)));

        var (one, parts, two) = (Read("one"), Read("parts"), Read("two"));
        Assert.Equal(5, one.Length);
        foreach (var (i, run) in one.Index())
        {
            Assert.Equal((run.Id, RunState.Finished), (two[i].Id, two[i].Status.State));
            if (run.Curve.IsEmpty)
                continue; // counted
            Assert.Equal(Steps, run.Curve.Length);
            AssertAlike(run, parts[i]);
            AssertAlike(run, two[i]);
            Assert.EndsWith(", 2 ranks", two[i].Environment!.Device, StringComparison.Ordinal);
            Assert.DoesNotContain("ranks", run.Environment!.Device, StringComparison.Ordinal);
        }

        Assert.Empty(Facts.Strays(folder["two"]));
    }

    // What ranks are killed at is different each time; what they end with is not.
    [MpirunFact]
    public void A_rank_that_is_killed_ends_all_and_another_number_of_ranks_goes_on()
    {
        // Steps take long enough to be interrupted, and are few enough for rounding not to grow to a difference.
        string definition = folder.Write("killed.yaml", Definition("mdlm", steps: 160, length: 64, width: 64, rate: 3e-4));
        var random = RandomStream.Root((ulong)Environment.ProcessId).Split("moment");
        foreach (int killed in (int[])[0, 1])
        {
            using var ranks = Mpirun.Start(folder.Path, 2, "run", definition, "--results", "two", "--threads", "1");
            int before = Checkpoints("two").DefaultIfEmpty().Max();
            Assert.True(ranks.WaitUntil(_ => Checkpoints("two").Any(step => step > before)));
            int[] both = ranks.Children;
            Assert.Equal(2, both.Length);
            int more = Checkpoints("two").Max() + random.Below(30, killed, 0);
            ranks.WaitUntil(_ => Checkpoints("two").Any(step => step >= more));
            BenchProcess.Signal("KILL", both[killed]);
            Assert.NotEqual(0, ranks.End().Code);
            Assert.All(both, BenchProcess.WaitForEndOf);
            Assert.Equal(RunState.Running, Assert.Single(new RunStore(folder["two"]).ReadAll()).Status.State);
        }

        string left = Assert.Single(new RunStore(folder["two"]).ReadAll()).Folder;
        AssertEnds(0, new BenchProcess(folder.Path, "run", definition, "--results", "two", "--threads", "1"));
        AssertEnds(0, new BenchProcess(folder.Path, "run", definition, "--results", "one", "--threads", "1"));
        Assert.Equal(2, File.ReadAllText(Path.Combine(left, "log.txt")).Split(" goes on after step ").Length - 1);
        AssertAlike(Assert.Single(Read("one")), Assert.Single(Read("two")));
        Assert.Empty(Facts.Strays(folder["two"]));
    }

    // Signals that a launcher hands on as they are, or that reach one rank alone.
    [MpirunTheory, InlineData("USR1", -1), InlineData("TERM", 0), InlineData("TERM", 1)]
    public void A_request_to_stop_ends_all_ranks_behind_a_checkpoint(string signal, int rank)
    {
        string definition = folder.Write("endless.yaml", Definition("mdlm", Endless));
        using var ranks = Mpirun.Start(folder.Path, 2, "run", definition, "--threads", "1");
        Assert.True(ranks.WaitUntil(_ => Checkpoints("results").Any()));
        int[] both = ranks.Children;
        if (rank < 0)
            ranks.Signal(signal);
        else
            BenchProcess.Signal(signal, both[rank]);
        var answer = ranks.End();
        Assert.Equal(130, answer.Code);
        Assert.Contains("Interrupted. What was done is kept", answer.Error, StringComparison.Ordinal);
        Assert.All(both, BenchProcess.WaitForEndOf);
        var run = Assert.Single(new RunStore(folder["results"]).ReadAll());
        // Not one of the regular ones, but of where it stopped.
        Assert.Equal(run.Curve[^1].Step, Checkpoints("results").Max());
        Assert.Contains("interrupted after", File.ReadAllText(Path.Combine(run.Folder, "log.txt")), StringComparison.Ordinal);
    }

    // Ctrl-C and SIGTERM of an mpirun leave a second to its ranks: there may be another checkpoint.
    [MpirunTheory, InlineData("INT"), InlineData("TERM")]
    public void A_launcher_that_is_ended_ends_all_ranks(string signal)
    {
        string definition = folder.Write("endless.yaml", Definition("mdlm", Endless));
        using var ranks = Mpirun.Start(folder.Path, 2, "run", definition, "--threads", "1");
        Assert.True(ranks.WaitUntil(_ => Checkpoints("results").Any()));
        int[] both = ranks.Children;
        ranks.Signal(signal);
        Assert.NotEqual(0, ranks.End().Code);
        Assert.All(both, BenchProcess.WaitForEndOf);
        Assert.NotEmpty(Checkpoints("results"));
    }

    [MpirunFact]
    public void A_time_budget_is_measured_by_all_ranks()
    {
        string definition = folder.Write("timed.yaml", TinyExperiment.Timed("0.01"));
        AssertEnds(0, Mpirun.Start(folder.Path, 2, "run", definition, "--threads", "1"));
        Assert.Equal(RunState.Finished, Assert.Single(Read("results")).Status.State);
    }

    [MpirunTheory]
    [InlineData(3, "its batch of 2 sequences cannot be shared out to 3 ranks", "run", "network.yaml")]
    [InlineData(2, "2 runs cannot be at work at once on 2 ranks", "run", "network.yaml", "--jobs", "2")]
    [InlineData(2, "unknown command 'runn'", "runn", "network.yaml")]
    [InlineData(2, "absent.yaml", "run", "absent.yaml")]
    public void What_ranks_cannot_do_is_said_once(int count, string words, params string[] command)
    {
        folder.Write("network.yaml", TinyExperiment.Network());
        using var ranks = Mpirun.Start(folder.Path, count, command);
        var answer = ranks.End();
        Assert.Equal(2, answer.Code);
        Assert.Single(answer.Error.Split('\n'), line => line.Contains(words, StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder["results"]));
    }

    [MpirunFact]
    public void A_rank_that_cannot_go_on_says_why_and_ends_all()
    {
        folder.Write("network.yaml", TinyExperiment.Network(steps: 100_000_000));
        // Rank 1 finds a file where its cache should be.
        folder.Write("no-folder", "");
        string start = "if [ \"$OMPI_COMM_WORLD_RANK\" = 1 ]; then export BENCH_CACHE=no-folder; fi; exec \"$@\"";
        using var ranks = Mpirun.Start(
            folder.Path, 2, ["bash", "-c", start, "bash"], ["run", "network.yaml", "--threads", "1"]);
        var answer = ranks.End();
        Assert.NotEqual(0, answer.Code);
        Assert.Single(answer.Error.Split('\n'), line => line.Contains("rank 1 of 2 on ", StringComparison.Ordinal));
    }

    [MpirunFact]
    public void Other_commands_are_done_once()
    {
        using var ranks = Mpirun.Start(folder.Path, 2, "methods");
        var answer = ranks.End();
        Assert.Equal(0, answer.Code);
        Assert.Single(answer.Output.Split('\n'), line => line.Contains("bd3lm", StringComparison.Ordinal));
    }

    private static string Definition(string methods, int steps = Steps, int length = 16, int width = 16, double rate = 3e-3) => $$"""
        name: ranks
        data: { corpus: markov-3-1-1-1, length: {{length}} }
        methods: [{{methods}}]
        model: { blocks: 1, width: {{width}}, heads: 2, condition-width: 8 }
        training:
          steps: {{steps}}
          batch-size: 4
          learning-rate: {{rate.ToString(CultureInfo.InvariantCulture)}}
          precision: float32
          log-every: 1
          validate-every: 25
          checkpoint-every: 10
        evaluation: { sequences: 8, draws: 2 }
        sampling: { count: 1, steps: 4 }

        """;

    private RunRecord[] Read(string results)
    {
        RunRecord[] runs = [.. new RunStore(folder[results]).ReadAll().OrderBy(run => run.Id, StringComparer.Ordinal)];
        Assert.All(runs, run => Assert.Equal(RunState.Finished, run.Status.State));
        return runs;
    }

    private IEnumerable<int> Checkpoints(string results) => !Directory.Exists(folder[results])
        ? []
        : [.. Directory.EnumerateFiles(folder[results], "step-*.ckpt", SearchOption.AllDirectories)
            .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)["step-".Length..], CultureInfo.InvariantCulture))];

    private static Answer AssertEnds(int code, BenchProcess bench)
    {
        using (bench)
        {
            var answer = bench.End();
            Assert.True(answer.Code == code, $"{answer.Code}: {answer.Error}");
            return answer;
        }
    }

    private static void AssertAlike(RunRecord one, RunRecord other)
    {
        Assert.Equal(one.Curve.Select(point => point.Step), other.Curve.Select(point => point.Step));
        foreach (var (a, b) in one.Curve.Zip(other.Curve))
        {
            AssertClose(a.Loss, b.Loss);
            AssertClose(a.ValidationBits ?? 0, b.ValidationBits ?? 0);
        }

        string[] likelihoods =
        [
            .. ((MetricDescriptor[])[LikelihoodMetrics.Likelihood, LikelihoodMetrics.Nats, LikelihoodMetrics.KlFromTruth])
                .Select(metric => metric.Name),
        ];
        var (measured, again) = (Values(one), Values(other));
        Assert.NotEmpty(measured);
        Assert.Equal(measured.Keys, again.Keys);
        Assert.All(measured, pair => AssertClose(pair.Value, again[pair.Key]));

        SortedDictionary<string, double> Values(RunRecord run) => new(
            run.Metrics.Where(metric => likelihoods.Contains(metric.Name)).ToDictionary(
                metric => $"{metric.Name} {metric.Split}", metric => metric.Value, StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static void AssertClose(double one, double other) =>
        Assert.InRange(other - one, -Most * Math.Max(1, Math.Abs(one)), Most * Math.Max(1, Math.Abs(one)));
}
