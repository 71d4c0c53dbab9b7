using Bench.Backbone;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Rotary positions that need not start at 0, sinusoids of each token's noise, and embeddings mixed with the mask's.</summary>
public sealed class HdlmRotaryAndEmbedding : IGoldenFamily
{
    public string Family => "hdlm_rotary_and_embedding";

    public string? Check(GoldenCase golden)
    {
        var input = golden.Inputs;
        if (input.TryGetProperty("dim", out var dimensions))
        {
            var times = GoldenCase.Real(input.GetProperty("t"));
            golden.Expected.Match("embedding", NoiseEmbedding.Sinusoids(times.flatten(), dimensions.GetInt32(), float64),
                what: "sinusoids");
        }
        else if (input.TryGetProperty("qkv", out var given))
        {
            var parts = GoldenCase.Real(given).unbind(2); // 3 × [B, L, H, D]
            golden.Only("n_heads", parts[0].size(2), "the heads of qkv");
            using var rotary = new Rotary([.. GoldenCase.Integers(input.GetProperty("positions")[0]).Select(position => (int)position)],
                golden.Count("head_dim"), float64, CPU);
            RotaryTables.Assert(golden, rotary, (int)parts[0].size(1));
            golden.Expected.Match("qkv_rotated", stack([rotary.Rotate(parts[0]), rotary.Rotate(parts[1]), parts[2]], 2), what: "rotated");
        }
        else
        {
            var table = GoldenCase.Real(input.GetProperty("embedding"));
            using var embedding = new Embedding("vocab_embed", (int)table.size(0), (int)table.size(1), RandomStream.Root(1));
            TorchSharp.ModuleExtensionMethods.to(embedding, float64);
            using (no_grad())
                embedding.named_parameters().Single().parameter.copy_(table);
            var keep = (GoldenCase.Real(input.GetProperty("sigma")) * -golden.Number("gamma")).exp();
            golden.Expected.Match("embedded", embedding.Mixed(GoldenCase.Whole(input.GetProperty("x")), keep, table.size(0) - 1),
                what: "embedded");
        }

        return null;
    }
}
