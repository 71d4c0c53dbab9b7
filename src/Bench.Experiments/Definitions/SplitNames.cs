using Bench.Data;
using Bench.Results;

namespace Bench.Experiments.Definitions;

/// <summary>The parts of a corpus, as definitions and metrics call them.</summary>
internal static class SplitNames
{
    public static IReadOnlyList<KeyValuePair<string, Split>> All { get; } =
        [new(Splits.Train, Split.Train), new(Splits.Validation, Split.Validation), new(Splits.Test, Split.Test)];

    public static string Of(Split part) => All.First(pair => pair.Value == part).Key;
}
