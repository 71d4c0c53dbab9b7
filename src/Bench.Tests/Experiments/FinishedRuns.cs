using System.Globalization;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>Two finished runs with a file of every kind, made once; each test damages a copy of them.</summary>
public sealed class FinishedRuns : IDisposable
{
    /// <summary>What a run leaves, except its lock, which is empty.</summary>
    public static readonly string[] Files =
    [
        "budget.json", "definition.json", "environment.json", "generation.csv", "log.txt", "metrics.csv",
        "samples/sample-1.txt", "samples/sample-2.txt", "samples/sample-3.txt", "status.json", "training.csv",
    ];

    private readonly Workplace place = new();

    public FinishedRuns()
    {
        Run = Make("ngram-1", TimeProvider.System, seconds: 0.25);
        Other = Make("ngram-2", new Tomorrow(), seconds: 0.5);
    }

    /// <summary>The folder of the run that is damaged, relative to the results.</summary>
    public string Run { get; }

    /// <summary>The folder of the run that files are swapped with.</summary>
    public string Other { get; }

    /// <summary>The undamaged results.</summary>
    public string Results => place.Store.Root;

    /// <summary>Everything that a report can show of a results folder, line by line.</summary>
    public static IEnumerable<string> Reported(string results) => new RunStore(results).ReadAll().SelectMany(run => (string[])
    [
        string.Create(CultureInfo.InvariantCulture, $"{run.Id} {run.Status.State} {run.Status.Reason} {run.Status.Seconds:R}"),
        run.Definition.ToString(),
        $"{run.Environment}",
        .. run.Metrics.Select(metric => $"{metric}"),
        .. run.Generation.Select(metric => $"{metric}"),
        .. run.Curve.Select(point => $"{point}"),
        .. run.Samples.Select(sample => $"{sample}"),
    ]);

    public void Dispose() => place.Dispose();

    // Neither trained step by step nor given a time, an n-gram has no training log and no budget of its own.
    private string Make(string method, TimeProvider clock, double seconds)
    {
        var run = place.Plan(method);
        using (var runner = new Runner(place.Library, place.Store, clock))
            Assert.Equal(RunState.Finished, runner.Run(run, new Recorder()).State);
        using var folder = RunFolder.Open(run.Folder);
        using (var log = folder.Training())
        {
            log.Append(new TrainingPoint(1, 64, seconds, 1.5, 0.5, 1e-3, 256));
            log.Append(new TrainingPoint(2, 128, 2 * seconds, 1.25, 0.5, 1e-3, 256, ValidationBits: 1.75));
        }

        string budget =
            string.Create(CultureInfo.InvariantCulture, $$"""{ "minutes": 1, "seconds_per_step": {{seconds}}, "steps": 240 }""");
        File.WriteAllText(Path.Combine(run.Folder, "budget.json"), budget);
        folder.Finish(2 * seconds);
        return Path.GetRelativePath(place.Store.Root, run.Folder);
    }

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }
}
