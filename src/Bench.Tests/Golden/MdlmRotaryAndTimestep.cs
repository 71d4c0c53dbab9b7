using Bench.Backbone;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Rotary positions and the sinusoids of the noise embedding.</summary>
public sealed class MdlmRotaryAndTimestep : IGoldenFamily
{
    public string Family => "mdlm_rotary_and_timestep";

    public string? Check(GoldenCase golden)
    {
        if (golden.Inputs.TryGetProperty("dim", out var dimensions))
        {
            var sinusoids = NoiseEmbedding.Sinusoids(GoldenCase.Real(golden.Inputs.GetProperty("t")), dimensions.GetInt32(), float64);
            golden.Expected.Match("embedding", sinusoids, what: "sinusoids");
            golden.Only("max_period", 10_000, "the only one that this backbone has");
            return null;
        }

        var qkv = GoldenCase.Real(golden.Inputs.GetProperty("qkv")); // [B, L, 3, H, D]
        using var rotary = new Rotary([.. Enumerable.Range(0, (int)qkv.size(1))], golden.Count("head_dim"), float64, CPU);
        golden.Only("n_heads", qkv.size(3), "the heads of qkv");
        RotaryTables.Assert(golden, rotary, (int)qkv.size(1));
        var parts = qkv.unbind(2);
        var rotated = stack([rotary.Rotate(parts[0]), rotary.Rotate(parts[1]), parts[2]], 2);
        golden.Expected.Match("qkv_rotated", rotated, what: "rotated");
        return null;
    }
}
