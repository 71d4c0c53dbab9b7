using Bench.Backbone;
using Bench.Experiments.Definitions;
using Bench.Methods;
using Bench.Numerics;
using Bench.Training;
using static TorchSharp.torch;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>A moving average of the weights that was never moved: the one in a checkpoint becomes that of the first step.</summary>
internal static class LostAverage
{
    public static void In(string checkpoint, RunSpec spec, string run)
    {
        using var scope = NewDisposeScope();
        using var first = new Ddit(spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, ((NetworkMethod)spec.Method).View),
            RandomStream.Root(spec.Seed).Split("weights"));
        var weights = first.named_parameters().Select(entry => (entry.name, Tensor: (Tensor)entry.parameter)).ToList();
        var state = new[] { "weight", "first", "second" }.SelectMany(
            part => weights.Select(entry => (Name: $"{part}/{entry.name}", Tensor: zeros_like(entry.Tensor)))).ToList();
        long step = Checkpoint.Load(checkpoint, run, state, weights.Select(entry => ($"average/{entry.name}", entry.Tensor.shape)));
        Checkpoint.Save(checkpoint, run, step, state.Concat(weights.Select(entry => ($"average/{entry.name}", entry.Tensor))));
    }
}
