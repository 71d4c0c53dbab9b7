using Bench.Experiments.Definitions.Keys;

namespace Bench.Tasks.Infilling;

/// <summary>The keys under <c>task</c> of a definition.</summary>
internal static class InfillingKeys
{
    public static readonly TaskRow Row = new TaskRow<InfillingTask>(
        "texts of which a part is given: likelihoods are then per token of the rest, and what is generated completes texts of the test "
            + "split",
        new InfillingTask(GivenPart.Prefix, Share: 0.5),
        new Section(
            new Key<InfillingTask, GivenPart>(
                "given",
                new Choice<GivenPart>(
                    "part", [new("prefix", GivenPart.Prefix), new("middle", GivenPart.Middle), new("random", GivenPart.Random)]),
                "The part that infilling gives: a beginning, two sides around a gap in the middle, or random positions.",
                task => task.Part, (task, value) => task with { Part = value }, "\"prefix\""),
            new Key<InfillingTask, double>(
                "share",
                new Number<double>(new(0, 1, OpenLeast: true, OpenMost: true), "it is the share of a text that is given", "Use 0.5."),
                "The share of positions that infilling gives.",
                task => task.Share, (task, value) => task with { Share = value }, "0.5"),
            new Key<InfillingTask, bool>(
                "train-given",
                new Flag(),
                "Whether training gives the same part; else it is on whole texts, as for text generation.",
                task => task.TrainsGiven, (task, value) => task with { TrainsGiven = value }, "false")));
}
