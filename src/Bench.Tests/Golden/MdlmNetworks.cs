using Bench.Models;
using Bench.Numerics;
using Bench.Objectives;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>The backbone with noise conditioning: residual stream, logits and gradients.</summary>
public sealed class MdlmNetworkDit : IGoldenFamily
{
    public string Family => "mdlm_network_dit";

    public string? Check(GoldenCase golden) => GoldenNetwork.Check(golden, causal: false, Conditioning.Sigma, logits => logits);
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
        return GoldenNetwork.Check(golden, causal: true, Conditioning.Absent, logits =>
            where(isMask, -1000 - logits.masked_fill(isMask, -1000).logsumexp(-1, true), Substitution.AtMasked(logits, mask)));
    }
}

internal static class GoldenNetwork
{
    public static string? Check(GoldenCase golden, bool causal, Conditioning conditioning, Func<Tensor, Tensor> show)
    {
        var input = golden.Inputs;
        int condition = conditioning == Conditioning.Absent ? 1 : golden.Count("cond_dim");
        var shape = new DditShape(golden.Count("vocab_size"), golden.Count("n_blocks"), golden.Count("hidden_size"), golden.Count("n_heads"), condition, conditioning);
        using var network = new Ddit(shape, RandomStream.Root(1));
        Dictionary<string, Tensor> weights = input.GetProperty("weights").EnumerateObject().ToDictionary(weight => weight.Name, weight => GoldenCase.Real(weight.Value));
        Assert.Equal(weights.Keys.Order(), network.named_parameters().Select(entry => entry.name).Order());
        network.to(float64).Fill(weights);

        List<double> blocks = [];
        var sigma = conditioning == Conditioning.Sigma ? GoldenCase.Real(input.GetProperty("sigma")) : null;
        var logits = show(network.Forward(GoldenCase.Whole(input.GetProperty("x")), sigma, null, Layout.Single((int)GoldenCase.Shape(input.GetProperty("x"))[1], causal), x => blocks.AddRange(x.data<double>().ToArray())));
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("block_outputs")), [.. blocks], what: "block outputs");
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("logits")), logits, what: "logits");

        var projection = GoldenCase.Real(input.GetProperty("loss_projection"));
        var loss = (logits * projection).sum() / (logits.size(0) * logits.size(1));
        Close.Assert(golden.Expected.GetProperty("loss").GetDouble(), loss.item<double>(), what: "loss");
        loss.backward();
        foreach (var gradient in golden.Expected.GetProperty("gradients").EnumerateObject())
        {
            var parameter = network.named_parameters().Single(entry => entry.name == gradient.Name).parameter;
            Close.Assert(GoldenCase.Numbers(gradient.Value), parameter.grad!, what: $"gradient of {gradient.Name}");
        }

        return null;
    }
}
