using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A cache without its offset: rotary angles begin at zero in every call, so that only calls without a cache are right.</summary>
internal sealed class PositionsFromZero(IDenoiser sound) : IDenoiser
{
    public bool IsCaching => true;

    public Tensor Logits(DenoiserInput input) =>
        sound.Logits(input.Kept is var (step, cache) ? input with { Kept = (FromZero(step), cache) } : input);

    public KeyValueCache? NewCache(int rows, int step, Device device) => sound.NewCache(rows, step, device);

    private static DecodeStep FromZero(DecodeStep step) =>
        step with { Positions = [.. step.Positions.Select(position => position - step.Positions[0])] };
}
