using Bench.Experiments.Definitions.Keys;

namespace Bench.Tasks.GuidanceToy;

/// <summary>The keys under <c>task</c> of a definition.</summary>
internal static class GuidanceToyKeys
{
    public static readonly TaskRow Row = new TaskRow<GuidanceToyTask>(
        "sequences of three symbols whose distribution is known, and a reward: what guidance draws is compared with what it should",
        new GuidanceToyTask(Alpha: 0.5),
        new Section(
            new Key<GuidanceToyTask, double>(
                "alpha",
                new Number<double>(new(0, 1e6, OpenLeast: true), "rewards are divided by it", "Use 0.5."),
                "The α of p exp(r/α)/Z, which all that is generated is compared with.",
                task => task.Alpha, (task, value) => task with { Alpha = value }, "0.5")));
}
