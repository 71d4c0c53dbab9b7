using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using TorchSharp;

namespace Bench.Experiments.Running;

/// <summary>Exact likelihoods of test text under the unmasking orders that a definition asks for, as rows of <c>metrics.csv</c>.</summary>
/// <param name="method">The row.</param>
/// <param name="context">The run.</param>
/// <param name="device">Where the network is.</param>
internal sealed class UnmaskingRows(NetworkMethod method, RunContext context, torch.Device device)
{
    private const int RowsAtOnce = 64;

    /// <summary>A row for each order that the method's network can be used in.</summary>
    public IEnumerable<Metric> Of(IDenoiser network)
    {
        var evaluation = context.Spec.Evaluation;
        var tokens = context.Data[Split.Test];
        var chunks = new EvaluationChunks(tokens, context.Spec.Data.Length, evaluation.OrderSequences);
        foreach (var order in evaluation.Orders)
        {
            if (UnmaskingWay.Of(method, order, context.Spec) is not { } way)
                continue;
            var generator = new Generator(network, way.Setup, way.Sampler, device);
            double[] bits = [.. Nats(generator, chunks, way.Sampler.Name).Select(nats => nats / chunks.Length / Math.Log(2))];
            yield return UnmaskingMetrics.Of(way.Sampler.Name).Row(
                Splits.Test, bits.Average(), bits.Length > 1 ? LikelihoodRows.ErrorOfMean(bits) : null, bits.Length,
                $"{context.Likelihoods.Exact(chunks)}, a token a call along {way.Setup.Hyperschedule.Name}", context.Likelihoods.Units);
        }
    }

    private IEnumerable<double> Nats(Generator generator, EvaluationChunks chunks, string stage)
    {
        int together = Generator.RowsAtOnce(Math.Min(RowsAtOnce, chunks.Count), generator.Setup);
        for (int first = 0; first < chunks.Count; first += together)
        {
            context.Stage(stage, (double)first / chunks.Count);
            var batch = chunks.Read(first, Math.Min(together, chunks.Count - first));
            foreach (double nats in generator.NegativeLogLikelihoods(batch.Tokens, context.Stop))
                yield return nats;
        }
    }
}
