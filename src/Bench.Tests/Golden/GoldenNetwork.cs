using Bench.Kernels;
using Bench.Models;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>A tiny network with the file's weights: its parameters' names, residual stream after each block, outputs and gradients.</summary>
internal static class GoldenNetwork
{
    public static DditShape Shape(GoldenCase golden, Conditioning conditioning) => new(
        golden.Inputs.TryGetProperty("vocab_size", out var size) ? size.GetInt32() : golden.Count("num_tokens") + 1,
        golden.Count("n_blocks"), golden.Count("hidden_size"), golden.Count("n_heads"), conditioning == Conditioning.Absent ? 1 : golden.Count("cond_dim"), conditioning);

    /// <summary>Asks for all columns in the file's order.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="shape">The network.</param>
    /// <param name="layout">Who sees whom.</param>
    /// <param name="show">What the public code does to the logits.</param>
    /// <param name="columns">Where the file's columns stand in ours; null for the same order.</param>
    /// <param name="outputs">How many of the file's columns it shows outputs of; null for all.</param>
    /// <param name="blocked">Columns that attend to nothing: the public networks let them attend to everything, so nothing is compared there, and no gradients.</param>
    public static string? Check(GoldenCase golden, DditShape shape, Layout layout, Func<Tensor, Tensor>? show = null, long[]? columns = null, int? outputs = null, long[]? blocked = null)
    {
        var input = golden.Inputs;
        using var network = new Ddit(shape, RandomStream.Root(1));
        Dictionary<string, Tensor> weights = input.GetProperty("weights").EnumerateObject().ToDictionary(weight => weight.Name, weight => GoldenCase.Real(weight.Value));
        Assert.Equal(weights.Keys.Order(), network.named_parameters().Select(entry => entry.name).Order());
        network.to(float64).Fill(weights);

        int length = golden.Length("x");
        columns ??= [.. Enumerable.Range(0, length).Select(column => (long)column)];
        long[] seen = [.. columns.Where((_, column) => blocked is null || !blocked.Contains(column))];
        List<Tensor> blocks = [];
        var x = GoldenCase.Whole(input.GetProperty("x"));
        var inOurOrder = tensor([.. Enumerable.Range(0, length).Select(column => (long)Array.IndexOf(columns, column))]);
        var all = network.Forward(x.index_select(1, inOurOrder), Sigma(golden, shape), null, layout, after => blocks.Add(after.index_select(1, tensor(seen)).MoveToOuterDisposeScope()));
        Close.Assert(Seen(GoldenCase.Real(golden.Expected.GetProperty("block_outputs")), 2, seen, columns), stack(blocks), what: "block outputs");

        var logits = all.index_select(1, tensor(columns[..(outputs ?? length)]));
        logits = show?.Invoke(logits) ?? logits;
        var expected = GoldenCase.Real(golden.Expected.TryGetProperty("logits", out var named) ? named : golden.Expected.GetProperty("log_score"));
        Close.Assert(Seen(expected, 1, seen, columns[..(outputs ?? length)]), blocked is null ? logits : logits.index_select(1, tensor(seen)), what: "outputs");
        if (blocked is not null)
            return null;

        var loss = (logits * GoldenCase.Real(input.GetProperty("loss_projection"))).sum() / (logits.size(0) * logits.size(1));
        Close.Assert(golden.Expected.GetProperty("loss").GetDouble(), loss.item<double>(), what: "loss");
        Backpropagation.Run(loss);
        foreach (var gradient in golden.Expected.GetProperty("gradients").EnumerateObject())
        {
            var parameter = network.named_parameters().Single(entry => entry.name == gradient.Name).parameter;
            Close.Assert(GoldenCase.Numbers(gradient.Value), parameter.grad!, what: $"gradient of {gradient.Name}");
        }

        return null;
    }

    // The file's columns that are compared.
    private static double[] Seen(Tensor expected, int dimension, long[] seen, long[] columns)
    {
        long[] kept = [.. Enumerable.Range(0, columns.Length).Where(column => seen.Contains(columns[column])).Select(column => (long)column)];
        return expected.index_select(dimension, tensor(kept)).data<double>().ToArray();
    }

    private static Tensor? Sigma(GoldenCase golden, DditShape shape) => shape.Conditioning switch
    {
        Conditioning.Sigma => GoldenCase.Real(golden.Inputs.GetProperty("sigma")),
        // They tell the time itself, and ours is told σ.
        Conditioning.Time => (1 - GoldenCase.Real(golden.Inputs.GetProperty("t"))).log().neg(),
        _ => null,
    };
}
