using System.Text.Json;
using Bench.Evaluation;
using Bench.Evaluation.Judging;
using Bench.Evaluation.Quality;
using Bench.Evaluation.Released;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>Corpus perplexity up to the first end of text, and the running means of nats, bits and perplexity.</summary>
public sealed class MdlmMetrics : IGoldenFamily
{
    public string Family => "mdlm_metrics";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Json.GetProperty("group").GetString())
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
        var judged = JudgedTokens.Of(golden, CountedTokens.ThroughFirstEnd(golden.Count("eos_token_id")));
        TextLikelihood[] counted = [.. ReleasedPerplexity.WholeBatches(judged, golden.Count("batch_size")).SelectMany(batch => batch)];
        Close.Assert(golden.Expected.GetProperty("nll_sum").GetDouble(), counted.Sum(text => text.Nats), what: "nats");
        Close.Assert(golden.Expected.GetProperty("weight_sum").GetDouble(), counted.Sum(text => text.Tokens), what: "tokens that count");
        Close.Assert(golden.Expected.GetProperty("perplexity").GetDouble(), GenerativePerplexity.PerToken.Corpus(counted), what: "perplexity");
        return null;
    }

    private static string? Aggregated(GoldenCase golden)
    {
        TextLikelihood[] updates = [.. golden.Inputs.GetProperty("updates").EnumerateArray().Select(Update)];
        double perplexity = GenerativePerplexity.PerToken.Corpus(updates);
        Close.Assert(golden.Expected.GetProperty("ppl").GetDouble(), perplexity, what: "perplexity");
        var estimate = new LikelihoodEstimate(Math.Log(perplexity), 0, 0, 0, 0, updates.Length, 1, 1);
        Close.Assert(golden.Expected.GetProperty("nll").GetDouble(), estimate.Nats, what: "nats");
        Close.Assert(golden.Expected.GetProperty("bpd").GetDouble(), estimate.Bits, what: "bits");
        return null;
    }

    // Weights are 0 and 1: what is weighed 0 does not count.
    private static TextLikelihood Update(JsonElement update)
    {
        double[] weights = GoldenCase.Numbers(update.GetProperty("weights"));
        double[] counted = [.. GoldenCase.Numbers(update.GetProperty("values")).Where((_, i) => weights[i] != 0)];
        return new(counted.Sum(), counted.Length, counted.Length);
    }
}
