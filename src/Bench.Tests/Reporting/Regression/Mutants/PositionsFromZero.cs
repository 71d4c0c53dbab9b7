using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A cache that forgets how many columns it keeps: rotary angles begin at zero in every call, so that only calls without a cache are right.</summary>
internal sealed class PositionsFromZero(IDenoiser sound) : IDenoiser
{
    public bool IsCaching => true;

    public Tensor Logits(DenoiserInput input) => sound.Logits(input.Kept is var (columns, cache) ? input with { Kept = (FromZero(columns), cache) } : input);

    public KeyValueCache? NewCache(int rows, int columns, Device device) => sound.NewCache(rows, columns, device);

    private static DecodeStep FromZero(DecodeStep columns) =>
        columns with { Positions = [.. columns.Positions.Select(position => position - columns.Positions[0])] };
}
