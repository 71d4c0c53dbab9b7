using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A cache that forgets how many columns it keeps: rotary angles begin at zero in every call, so that only calls without a cache are right.</summary>
internal sealed class PositionsFromZero(ICachingDenoiser sound) : ICachingDenoiser
{
    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? wanted = null, SequenceLayout? layout = null) => sound.Logits(tokens, sigma, wanted, layout);

    public KeyValueCache Cache(int rows, int columns, Device device) => sound.Cache(rows, columns, device);

    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor wanted, DecodeStep columns, KeyValueCache cache) =>
        sound.Logits(tokens, sigma, wanted, columns with { Positions = [.. columns.Positions.Select(position => position - columns.Positions[0])] }, cache);
}
