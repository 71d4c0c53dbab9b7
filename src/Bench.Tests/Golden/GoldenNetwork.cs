using Bench.Attention;
using Bench.Backbone;
using Bench.Kernels;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>
/// A tiny network with the file's weights: its parameters' names, residual stream after each block, outputs and gradients.
/// </summary>
internal static class GoldenNetwork
{
    public static DditShape Shape(GoldenCase golden, Conditioning conditioning, int? states = null)
    {
        golden.Only("mlp_ratio", 4, "the only one that this backbone has");
        if (conditioning != Conditioning.Absent)
            golden.Only("frequency_embedding_size", NoiseEmbedding.Frequencies, "the only one that this backbone has");
        if (golden.Inputs.TryGetProperty("dropout", out _))
            golden.Only("dropout", 0, "nothing is dropped where outputs are compared");
        return new(
            states ?? golden.Count("vocab_size"),
            golden.Count("n_blocks"), golden.Count("hidden_size"), golden.Count("n_heads"), conditioning == Conditioning.Absent ? 1
                : golden.Count("cond_dim"), conditioning);
    }

    /// <summary>Requests all positions in the file's order.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="shape">The network.</param>
    /// <param name="layout">Slots and attention mask.</param>
    /// <param name="show">What the public code does to the logits.</param>
    /// <param name="positions">Our positions of the file's; null for the same order.</param>
    /// <param name="outputs">How many of the file's positions have outputs; null for all.</param>
    /// <param name="blocked">
    /// Queries without a key: in the public networks they attend to all positions, so they are not compared, and neither are gradients.
    /// </param>
    public static string? Check(GoldenCase golden, DditShape shape, SequenceLayout layout, Func<Tensor, Tensor>? show = null,
        long[]? positions = null, int? outputs = null, long[]? blocked = null)
    {
        var input = golden.Inputs;
        using var network = new Ddit(shape, RandomStream.Root(1));
        Dictionary<string, Tensor> weights = input.GetProperty("weights").EnumerateObject()
            .ToDictionary(weight => weight.Name, weight => weight.Value.Real());
        Assert.Equal(weights.Keys.Order(), network.named_parameters().Select(entry => entry.name).Order());
        network.to(float64).On(TestDevice.Device).Fill(weights);

        int length = golden.Length("x");
        positions ??= [.. Enumerable.Range(0, length).Select(position => (long)position)];
        bool IsSeen(long position) => blocked is null || !blocked.Contains(position);
        List<Tensor> blocks = [];
        var x = GoldenCase.Whole(input.GetProperty("x"));
        var inOurOrder = tensor([.. Enumerable.Range(0, length).Select(position => (long)Array.IndexOf(positions, position))]);
        var all = network.Forward(
            new(x.index_select(1, inOurOrder).On(TestDevice.Device), Sigma(golden, shape)?.On(TestDevice.Device), Layout: layout), after =>
            blocks.Add(after.alias().OnHost().MoveToOuterDisposeScope())).OnHost();
        // In the file's order again; queries without a key are not compared.
        var streams = stack(blocks);                                                                         // [block, B, L, D]
        long width = streams.size(-1);
        golden.Expected.Match("block_outputs", streams.index_select(2, tensor(positions)), where: at => IsSeen(at / width % length));

        int shown = outputs ?? length;
        var logits = all.index_select(1, tensor(positions[..shown]));
        logits = show?.Invoke(logits) ?? logits;
        long states = logits.size(-1);
        foreach (string name in golden.Expected.Names.Where(name => name is "logits" or "log_score" or "logits_float32"))
            golden.Expected.Match(name, logits, name == "logits_float32" ? 1e-3 : 1e-9, where: at => IsSeen(at / states % shown));
        if (blocked is not null)
            return null;

        var loss = (logits * GoldenCase.Real(input.GetProperty("loss_projection"))).sum() / (logits.size(0) * logits.size(1));
        golden.Expected.Match("loss", loss.item<double>());
        Backpropagation.Run(loss);
        var gradients = golden.Expected.Of("gradients");
        foreach (string name in gradients.Names)
            gradients.Match(name, network.named_parameters().Single(entry => entry.name == name).parameter.grad!.OnHost(),
                what: $"gradient of {name}");

        return null;
    }

    private static Tensor? Sigma(GoldenCase golden, DditShape shape) => shape.Conditioning switch
    {
        Conditioning.Sigma => GoldenCase.Real(golden.Inputs.GetProperty("sigma")),
        // Theirs is conditioned on the time itself, ours on σ.
        Conditioning.Time => (1 - GoldenCase.Real(golden.Inputs.GetProperty("t"))).log().neg(),
        _ => null,
    };
}
