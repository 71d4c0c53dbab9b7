using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>The backbone with noise conditioning: residual stream, logits and gradients.</summary>
public sealed class MdlmNetworkDit : IGoldenFamily
{
    public string Family => "mdlm_network_dit";

    public string? Check(GoldenCase golden) =>
        GoldenNetwork.Check(golden, GoldenNetwork.Shape(golden, Conditioning.Sigma),
            SequenceLayout.Single(golden.Length("x"), causal: false));
}

/// <summary>The causal backbone without noise conditioning; the public code shows log-probabilities without the mask.</summary>
public sealed class MdlmNetworkAr : IGoldenFamily
{
    public string Family => "mdlm_network_ar";

    public string? Check(GoldenCase golden)
    {
        int size = golden.Count("vocab_size");
        int mask = golden.Count("mask_index");
        // They overwrite the mask's logit with −1000 before normalising: zero in float64, but visible in the log-probabilities.
        var isMask = arange(size, int64).eq(mask);
        return GoldenNetwork.Check(golden, GoldenNetwork.Shape(golden, Conditioning.Absent),
            SequenceLayout.Single(golden.Length("x"), causal: true), logits =>
            where(isMask, -1000 - logits.masked_fill(isMask, -1000).logsumexp(-1, true), Subs.AtMasked(logits, mask)));
    }
}
