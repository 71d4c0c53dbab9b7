using Bench.Data;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>The parts of a corpus, as definitions and metrics call them.</summary>
internal static class SplitNames
{
    public static IReadOnlyList<KeyValuePair<string, Part>> All { get; } =
        [new(Splits.Train, Part.Train), new(Splits.Validation, Part.Validation), new(Splits.Test, Part.Test)];

    public static string Of(Part part) => All.First(pair => pair.Value == part).Key;
}
