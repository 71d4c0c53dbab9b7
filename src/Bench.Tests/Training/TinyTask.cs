using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results.Runs;
using Bench.Training;

namespace Bench.Tests.Training;

/// <summary>A network and a corpus that train in a second.</summary>
internal static class TinyTask
{
    public static readonly MarkovCorpus Corpus = new(tokenCount: 4, order: 1, trainTokens: 20_000, heldOutTokens: 4_000);

    public static readonly TrainingPlan Plan = new(
        Steps: 20, BatchSize: 4, LearningRate: 3e-3, WarmupSteps: 5, FinalRate: 0.1, WeightDecay: 0.1, Beta2: 0.99, ClipNorm: 1,
        EmaDecay: 0.999, Precision.Float32,
        LogEvery: 5, ValidateEvery: 0, CheckpointEvery: 10);

    public static Vocabulary Vocabulary => Corpus.Tokenizer.Vocabulary;

    public static TokenArray Tokens(Split part = Split.Train) => new(Vocabulary, Corpus.Draw(part));

    /// <summary>Absorbing noise, all positions together.</summary>
    public static DiffusionSetup Masked(int length) =>
        new(Vocabulary, new Absorbing(), new LogLinear(0), Hyperschedule.Flat(length, length),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));

    public static Ddit Network(bool causal = false, double dropout = 0) => new Ddit(
        new DditShape(Vocabulary.Size, 1, 16, 2, 8, causal ? Conditioning.Absent : Conditioning.Constant, dropout), RandomStream.Root(1))
        .On(TestDevice.Device);

    public static Trainer Trainer(Ddit network, IObjective objective, TrainingPlan? plan = null, int length = 16) => new(
        network, objective, new BatchStream(Tokens(), length, (plan ?? Plan).BatchSize, RandomStream.Root(2)), plan ?? Plan,
        RandomStream.Root(3), TestDevice.Device);
}

/// <summary>Hooks that record their calls.</summary>
internal sealed class Recorder : ITrainingHooks
{
    public List<TrainingPoint> Points { get; } = [];

    public Action<Trainer> OnCheckpoint { get; init; } = _ => { };

    public string? LastCheckpoint { get; init; }

    public void Log(TrainingPoint point) => Points.Add(point);

    public double Validate(Trainer trainer) => 0;

    public void Checkpoint(Trainer trainer) => OnCheckpoint(trainer);
}
