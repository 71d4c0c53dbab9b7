using Bench.Experiments.Keys;

namespace Bench.Experiments.Format;

/// <summary>The keys under <c>judge</c>.</summary>
internal static class JudgeKeys
{
    public static readonly Key<Values> Model = new("model", ModelKeys.Section, "Its backbone.");

    public static readonly Key<Values> Training = new("training", TrainingKeys.Section, "How it is trained.");

    public static Section Section { get; } = new(Model, Training);
}
