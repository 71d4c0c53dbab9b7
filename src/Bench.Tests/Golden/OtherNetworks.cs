using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>SEDD's backbone with its scaling by σ.</summary>
public sealed class SeddNetwork : IGoldenFamily
{
    public string Family => "sedd_network";

    public string? Check(GoldenCase golden)
    {
        bool absorbs = golden.Text("graph") == "absorb";
        golden.Only("graph", absorbs || golden.Text("graph") == "uniform", "absorb or uniform");
        int states = golden.Count("num_tokens") + (absorbs ? 1 : 0);
        return GoldenNetwork.Check(
            golden, GoldenNetwork.Shape(golden, Conditioning.Sigma, states), SequenceLayout.Single(golden.Length("x"), causal: false),
            logits =>
                LogScores(golden, logits, states));
    }

    // Lowered by each sequence's offset; the score of the current token is 1.
    private static Tensor LogScores(GoldenCase golden, Tensor logits, int states)
    {
        double[] offsets = [.. GoldenCase.Numbers(golden.Inputs.GetProperty("sigma"))
            .Select(sigma => golden.Has("scale_by_sigma") ? ScoreOutput.Offset(sigma, states - 1) : 0)];
        var current = GoldenCase.Whole(golden.Inputs.GetProperty("x")).unsqueeze(-1).eq(arange(states, int64, CPU));
        return (logits - tensor(offsets).view(-1, 1, 1)).masked_fill(current, 0);
    }
}

/// <summary>GIDD's backbone, which is conditioned on the time and whose tables are padded to 128 rows.</summary>
public sealed class GiddNetwork : IGoldenFamily
{
    public string Family => "gidd_network";

    public string? Check(GoldenCase golden) => GoldenNetwork.Check(
        golden, GoldenNetwork.Shape(golden, Conditioning.Time) with { TableMultiple = golden.Count("rounded_vocab_size") },
        SequenceLayout.Single(golden.Length("x"), causal: false));
}

/// <summary>
/// BD3-LM's backbone: the doubled pass in training, whose halves stand in the other order, and a block with its context in generation.
/// </summary>
public sealed class Bd3lmNetwork : IGoldenFamily
{
    private static readonly BackboneView View = new(Shifted: false, AttentionKind.Full, Conditioning.Sigma);

    public string Family => "bd3lm_network";

    public string? Check(GoldenCase golden)
    {
        int length = golden.Count("length"), width = golden.Count("block_size"), given = golden.Length("x");
        var shape = GoldenNetwork.Shape(golden, Conditioning.Sigma);
        var hyperschedule = Hyperschedule.Block(length, width, depth: 1);
        if (golden.Has("sample_mode"))
            return GoldenNetwork.Check(golden, shape, SequenceLayout.Step(hyperschedule, step: (given / width) - 1, given, View));
        var layout = SequenceLayout.Doubled(hyperschedule, [hyperschedule.Draw(0.5, _ => 0.5, continuous: false)], View);
        return GoldenNetwork.Check(golden, shape, layout,
            positions: [.. Enumerable.Range(0, given).Select(position => (long)((position + length) % given))], outputs: length);
    }
}

/// <summary>HDLM's two backbones.</summary>
public sealed class HdlmNetwork : IGoldenFamily
{
    public string Family => "hdlm_network";

    public string? Check(GoldenCase golden)
    {
        var input = golden.Inputs;
        int length = golden.Length("x");
        golden.Only("vocab_size", golden.Count("num_tokens") + 1, "tokens and the mask");
        golden.Only("training_mode", !golden.Has("training_mode"), "false: what is compared is generation");
        golden.Only("efficient", !golden.Has("efficient"), "false: what is compared is generation");
        double[] hidden = Hidden(golden, length);
        long[] blocked = Blocked(golden);
        var layout = SequenceLayout.Of([.. GoldenCase.Integers(input.GetProperty("positions")[0]).Select(position => (int)position)],
            (query, key) => hidden[(query * length) + key] == 0);
        return GoldenNetwork.Check(golden, Shape(golden), layout, logits => Processed(golden, logits),
            blocked: blocked.Length == 0 ? null : blocked);
    }

    /// <summary>Queries that may attend to no key.</summary>
    public static long[] Blocked(GoldenCase golden)
    {
        int length = golden.Length("x");
        double[] hidden = Hidden(golden, length);
        return [.. Enumerable.Range(0, length).Where(query => hidden[(query * length)..((query + 1) * length)].All(value => value == 1))
            .Select(query => (long)query)];
    }

    private static double[] Hidden(GoldenCase golden, int length) =>
        golden.Inputs.TryGetProperty("attn_mask", out var mask) ? mask.Numbers() : new double[length * length];

    private static DditShape Shape(GoldenCase golden) => golden.Function == "HDLM.forward"
        ? GoldenNetwork.Shape(golden, Conditioning.Absent)
        : GoldenNetwork.Shape(golden, Conditioning.Sigma) with { ModulatedHead = false, EmbeddingMix = Mix(golden) };

    private static double? Mix(GoldenCase golden)
    {
        double gamma = golden.Number("gamma"); // of the noise; in the network it is in the embeddings alone
        return golden.Has("hybrid_sigma_embedding") ? gamma : null;
    }

    // Their scores are scaled by σ; where the next token is settled, the mask's score is overwritten, and autoregressively that of the next
    // token, too.
    private static Tensor Processed(GoldenCase golden, Tensor logits)
    {
        string method = golden.Text("sampling_method");
        golden.Only("sampling_method", method is "SAR" or "AR", "SAR or AR");
        if (golden.Has("scale_by_sigma"))
            logits = logits
                - (GoldenCase.Real(golden.Inputs.GetProperty("sigma")).expm1().log() + Math.Log(logits.size(-1) - 1)).unsqueeze(-1);
        bool overwrites = golden.Has("post_process_logits");
        if (golden.Inputs.TryGetProperty("settled_tokens", out var settled))
        {
            double[] next = [.. GoldenCase.Numbers(settled)[1..], 0];
            var isMask = arange(logits.size(-1), int64).eq(logits.size(-1) - 1);                                          // [V]
            if (overwrites)
                logits = logits.masked_fill(tensor(next).eq(1).unsqueeze(-1) & isMask, -1000);
        }

        if (!overwrites || method != "AR")
            return logits;
        var x = GoldenCase.Whole(golden.Inputs.GetProperty("x"));                                                        // [B, L]
        // The last one has none.
        var followed = cat([x.narrow(1, 1, x.size(1) - 1), full_like(x.narrow(1, 0, 1), -1)], 1);
        return logits.masked_fill(followed.unsqueeze(-1).eq(arange(logits.size(-1), int64)), 0);
    }
}
