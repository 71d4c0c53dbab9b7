using Bench.Metrics;
using Bench.Reference.Metrics;
using Bench.Scoring;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>Corpus perplexity up to the first end of text, and the running means of nats, bits and perplexity.</summary>
public sealed class MdlmMetrics : IGoldenFamily
{
    public string Family => "mdlm_metrics";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Group)
        {
            case "genppl":
                return Generated(golden);
            case "agg":
                return Aggregated(golden);
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }

    private static string? Generated(GoldenCase golden)
    {
        var scored = ScoredTokens.Of(golden, CountedTokens.ThroughFirstEnd(golden.Count("eos_token_id")));
        TextLikelihood[] counted = [.. ReleasedPerplexity.WholeBatches(scored, golden.Count("batch_size")).SelectMany(batch => batch)];
        golden.Expected.Match("nll_sum", counted.Sum(text => text.Nats), what: "nats");
        golden.Expected.Match("weight_sum", counted.Sum(text => text.Tokens), what: "tokens that count");
        golden.Expected.Match("perplexity", GenerativePerplexity.PerToken.Corpus(counted), what: "perplexity");
        return null;
    }

    private static string? Aggregated(GoldenCase golden)
    {
        TextLikelihood[] updates = [.. golden.Inputs.GetProperty("updates").EnumerateArray().Select(Update)];
        double perplexity = GenerativePerplexity.PerToken.Corpus(updates);
        golden.Expected.Match("ppl", perplexity, what: "perplexity");
        var estimate = new LikelihoodEstimate(Math.Log(perplexity), 0, 0, 0, 0, updates.Length, 1, 1);
        golden.Expected.Match("nll", estimate.Nats, what: "nats");
        golden.Expected.Match("bpd", estimate.Bits, what: "bits");
        return null;
    }

    // Weights are 0 and 1: what is weighed 0 does not count.
    private static TextLikelihood Update(GoldenInput update)
    {
        double[] weights = GoldenCase.Numbers(update.GetProperty("weights"));
        double[] counted = [.. GoldenCase.Numbers(update.GetProperty("values")).Where((_, i) => weights[i] != 0)];
        return new(counted.Sum(), counted.Length, counted.Length);
    }
}
