using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Results.Runs;
using Xunit;

namespace Bench.Tests.Experiments;

/// <summary>A results folder, a cache and a small text of known entropy, gone when the test ends.</summary>
internal sealed class Workplace : IDisposable
{
    public const string Experiment =
        """
        name: tiny
        data: { corpus: markov-4-1-2-1, length: 16 }
        methods: [ngram-1, ngram-2, ar, mdlm]
        model: { blocks: 2, width: 32, heads: 2, condition-width: 16 }
        training: { steps: 40, batch-size: 8, learning-rate: 3e-3, precision: float32, log-every: 1, validate-every: 20, checkpoint-every: 10 }
        evaluation: { sequences: 64, draws: 4 }
        sampling: { count: 3, steps: 8 }
        """;

    // One text for all runs, so that all tests open the same files.
    private static readonly MarkovText Text =
        new(new MarkovCorpus(tokenCount: 4, order: 1, sharpness: 2, seed: 1, trainTokens: 20_000, heldOutTokens: 4_000));

    private readonly string folder = Directory.CreateTempSubdirectory("bench-experiments-").FullName;

    public Workplace()
    {
        Library = new DataLibrary(this["cache"]);
        Store = new RunStore(this["results"]);
        Runner = new Runner(Library, Store, TimeProvider.System);
    }

    public DataLibrary Library { get; }

    public RunStore Store { get; }

    public Runner Runner { get; }

    public string this[params string[] parts] => Path.Combine([folder, .. parts]);

    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>The runs of a definition.</summary>
    public Reading Read(string yaml, TaskTable? tasks = null) =>
        DefinitionReader.Load([Write("definition.yaml", yaml)], tasks ?? TaskTable.Program);

    /// <summary>The run of a method on the small text, changed as the test wants it.</summary>
    public PlannedRun Plan(string method, Func<RunSpec, RunSpec>? change = null)
    {
        var spec = Read(Experiment).Runs.Single(run => run.Method.Name == method);
        spec = spec with { Data = spec.Data with { Source = Text } };
        return Bench.Experiments.Planning.Plan.Of([change?.Invoke(spec) ?? spec], Library, Store).Runs.Single();
    }

    /// <summary>All runs of a definition.</summary>
    public ImmutableArray<PlannedRun> PlanAll(string yaml, TaskTable? tasks = null)
    {
        var reading = Read(yaml, tasks);
        Assert.Empty(reading.Problems);
        return Bench.Experiments.Planning.Plan.Of(reading.Runs, Library, Store).Runs;
    }

    /// <summary>Carries a run out, undisturbed.</summary>
    public RunRecord Finish(PlannedRun run)
    {
        Runner.Run(run, new Recorder());
        return Store.Read(run.Spec.Experiment, run.Id);
    }

    public void Dispose()
    {
        Runner.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
