using Bench.Experiments.Speed;
using Bench.Methods;

namespace Bench.Tests.Experiments.Speed;

/// <summary>Cases that take milliseconds.</summary>
internal static class SmallCases
{
    public static SpeedSize Size { get; } = new("small", Blocks: 1, Width: 16, Heads: 2, Length: 8, Batch: 2, Symbols: 7);

    public static TrainingCase Training { get; } = new(Method("mdlm"), Size);

    public static SamplingCase Sampling { get; } = new(Method("ar"), Size, Steps: 8, Batch: 3);

    public static NetworkMethod Method(string name) => (NetworkMethod)MethodTable.Find(name)!;
}
