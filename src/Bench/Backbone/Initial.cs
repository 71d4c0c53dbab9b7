using Bench.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>First values of parameters, addressed by name: adding a parameter changes no other.</summary>
internal static class Initial
{
    /// <summary>Uniform in ±bound; zeros without a stream.</summary>
    public static Parameter Uniform(RandomStream? stream, double bound, params long[] shape)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        if (stream is { } draws)
        {
            draws.Fill(0, values);
            for (int i = 0; i < values.Length; i++)
                values[i] = bound * ((2 * values[i]) - 1);
        }

        return new Parameter(tensor(values, shape, float32));
    }

    /// <summary>Ones, for the scale of a normalisation.</summary>
    public static Parameter Ones(long width) => new(ones(width, float32));
}
