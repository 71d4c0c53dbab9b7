using Bench.Experiments.Definitions.Keys;
using Bench.Tasks;

namespace Bench.Experiments.Definitions;

/// <summary>A task other than text generation, by the keys under <c>task</c>.</summary>
/// <param name="Kind">The task's name.</param>
/// <param name="Given">Which part is given.</param>
/// <param name="Share">The share of positions that are given.</param>
/// <param name="TrainsGiven">Whether training gives the part as well.</param>
public sealed record TaskSpec(string Kind, GivenPart Given, double Share, bool TrainsGiven)
{
    /// <summary>The task. A new one is one more line here.</summary>
    public ITask Task => Kind switch
    {
        TaskKeys.Infilling => new Infilling(Given, Share, TrainsGiven),
        _ => new TextGeneration(),
    };
}

/// <summary>The keys under <c>task</c>.</summary>
internal static class TaskKeys
{
    internal const string TextGeneration = "text-generation", Infilling = "infilling";

    public static readonly TaskSpec Blank = new(TextGeneration, GivenPart.Prefix, 0, TrainsGiven: false);

    public static readonly Key<TaskSpec, string> Kind = new(
        "kind",
        new Choice<string>("task", [new(TextGeneration, TextGeneration), new(Infilling, Infilling)]),
        "Whole texts, or texts of which a part is given: likelihoods are then per token of the rest, and what is generated "
            + "completes texts of the test split.",
        task => task.Kind, (task, value) => task with { Kind = value }, $"\"{TextGeneration}\"");

    public static Section Section { get; } = new(
        Kind,
        new Key<TaskSpec, GivenPart>(
            "given",
            new Choice<GivenPart>(
                "part", [new("prefix", GivenPart.Prefix), new("middle", GivenPart.Middle), new("random", GivenPart.Random)]),
            "The part that infilling gives: a beginning, two sides around a gap in the middle, or random positions.",
            task => task.Given, (task, value) => task with { Given = value }, "\"prefix\""),
        new Key<TaskSpec, double>(
            "share",
            new Number<double>(new(0, 1, OpenLeast: true, OpenMost: true), "it is the share of a text that is given", "Use 0.5."),
            "The share of positions that infilling gives.",
            task => task.Share, (task, value) => task with { Share = value }, "0.5"),
        new Key<TaskSpec, bool>(
            "train-given",
            new Flag(),
            "Whether training gives the same part; else it is on whole texts, as for text generation.",
            task => task.TrainsGiven, (task, value) => task with { TrainsGiven = value }, "false"));
}
