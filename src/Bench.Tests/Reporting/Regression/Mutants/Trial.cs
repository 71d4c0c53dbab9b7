using Bench.Backbone;
using Bench.Experiments.Planning;
using Bench.Experiments.Running;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Reporting.Comparisons;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Sampling;
using Bench.Scoring;
using Bench.Tests.Experiments;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A results folder that runs of one method are carried out in, sound or not, from definition to files.</summary>
internal sealed class Trial(string method) : IDisposable
{
    // Enough texts that the effect of a mistake exceeds that of random draws.
    private const int Sequences = 96;

    // A network needs some steps to learn from the previous token; unigram frequencies it learns at once.
    private readonly int steps = method == "mdlm" ? 120 : 250;

    private readonly Workplace place = new();

    public Comparison Results => Comparison.All(place.Store.ReadAll()).Single();

    public void Dispose() => place.Dispose();

    /// <summary>The run of a seed: a second.</summary>
    public PlannedRun Plan(ulong seed, Func<NetworkMethod, NetworkMethod>? mutation = null) => place.Plan("mdlm", spec => spec with
    {
        Seed = seed,
        Method = (mutation ?? (sound => sound))((NetworkMethod)MethodTable.Find(method)!),
        Training = spec.Training! with { Steps = steps, BatchSize = 16, WarmupSteps = 10, LogEvery = 10, ValidateEvery = 0,
            CheckpointEvery = steps },
        Sampling = spec.Sampling with { Count = Sequences },
    });

    /// <summary>Plans and carries out.</summary>
    public PlannedRun Run(ulong seed, Func<NetworkMethod, NetworkMethod>? mutation = null) => Run(Plan(seed, mutation));

    /// <summary>Carries out, from where it stands.</summary>
    public PlannedRun Run(PlannedRun run, Action<TrainingPoint>? trained = null, CancellationToken stop = default)
    {
        place.Runner.Run(run, new Bench.Tests.Experiments.Recorder(trained), stop: stop);
        return run;
    }

    /// <summary>Generates the run's texts anew, with something between sampler and network, and measures them as the run did.</summary>
    public void Generate(PlannedRun run, Func<IDenoiser, IDenoiser> mutation)
    {
        using var model = TrainedModel.Load(run.Folder);
        var row = model.Method;
        var setup = row.Setup(model.Tokenizer.Vocabulary, model.Length, model.Steps);
        var generator = new Generator(mutation(model.Network), setup, row.Sampler, CPU);
        var draws = RandomStream.Root(run.Spec.Seed);
        var generation = generator.Generate(Sequences, draws.Split("samples"));
        var setting = new GenerationSetting(row.Sampler.Name, setup.Hyperschedule.Steps, Cached: generator.KeepsKeys, Batch: Sequences);
        var quality = new GenerationQuality(draws.Split("quality")) { Scorers =
            [new TrueDistribution(model.Tokenizer.Vocabulary.TokenCount, tokens => run.Spec.Data.Source.ExactNats(tokens)!.Value)] };
        var rows = quality.Of(setting, [.. generation.Sequences.Select(sequence => GeneratedText.Of(sequence, model.Tokenizer))]);
        using var folder = RunFolder.Open(run.Folder);
        folder.WriteGeneration(
        [
            .. rows,
            new(setting, GenerationCosts.NetworkCalls.Name, "", Units.None, generation.NetworkCalls),
            new(
                setting,
                GenerationCosts.NetworkTokens.Name,
                "",
                Units.None,
                (double)generation.NetworkTokens / generation.Sequences.Sum(sequence => sequence.Length)),
        ]);
        folder.Finish(1); // as a run that had generated them would
    }
}
