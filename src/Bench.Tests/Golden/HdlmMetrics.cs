using System.Text.Json;
using Bench.Evaluation.Judging;
using Bench.Evaluation.Quality;
using Bench.Evaluation.Released;
using Bench.Models;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>HDLM's entropies, perplexities and zero-shot likelihoods, as released; where the file has the exact number, ours is that one.</summary>
public sealed class HdlmMetrics : IGoldenFamily
{
    public string Family => "hdlm_metrics";

    public string? Check(GoldenCase golden)
    {
        switch (golden.Function)
        {
            case "compute_entropy":
                return Entropy(golden);
            case "calculate_gpt2_perplexity":
                return Perplexity(golden);
            case "ZeroShot_calculator._eval_target_nll_mc (aligned)":
                return MonteCarlo(golden);
            case "ZeroShot_calculator._eval_target_nll_ar":
                return Chain(golden);
            default:
                Assert.Fail($"{golden.Function} is unknown");
                return null;
        }
    }

    private static string? Entropy(GoldenCase golden)
    {
        double? logBase = golden.Inputs.GetProperty("log_base") is { ValueKind: JsonValueKind.Number } given ? given.GetDouble() : null;
        int[][] sequences = JudgedTokens.Sequences(golden, "token_lists");
        double[] expected = GoldenCase.Numbers(golden.Expected.GetProperty("entropy"));
        Close.Assert(expected, [.. sequences.Select(tokens => ReleasedEntropy.Hdlm(tokens, logBase))], 1e-12, "entropy");
        // Each different token takes about 1e-8 off theirs.
        Close.Assert(expected, [.. sequences.Select(tokens => SampleEntropy.Of(tokens) / Math.Log(logBase ?? Math.E))], 1e-6, "entropy, ours");
        return null;
    }

    private static string? Perplexity(GoldenCase golden)
    {
        var judged = JudgedTokens.Of(golden, CountedTokens.AfterFirst);
        Close.Assert(golden.Expected.GetProperty("perplexity").GetDouble(), ReleasedPerplexity.Hdlm(judged, golden.Count("batch_size")), what: "perplexity");
        var exact = golden.Json.GetProperty("exact");
        Close.Assert(exact.GetProperty("perplexity").GetDouble(), GenerativePerplexity.PerToken.Corpus(judged.Take(exact.GetProperty("sequences_used").GetInt32())), what: "corpus perplexity");
        return null;
    }

    // The file keeps the inputs of the chain rule with these cases, too; what is masked here follows from the draws.
    private static string? MonteCarlo(GoldenCase golden)
    {
        JsonElement[] draws = [.. golden.Inputs.GetProperty("draws").EnumerateArray()];
        var rounds = draws.Chunk(2).Select(round => (GoldenCase.Numbers(round[0].GetProperty("values"))[0], GoldenCase.Numbers(round[1].GetProperty("values"))));
        var network = new Answers([.. golden.Inputs.GetProperty("logits_per_call").EnumerateArray().Select(GoldenCase.Real)]);
        double nats = ReleasedZeroShot.MonteCarlo(network, GoldenCase.Integers(golden.Inputs.GetProperty("sequence")), golden.Count("mask_index"), golden.Number("sampling_eps"), [.. rounds], CPU);
        Close.Assert(golden.Expected.GetProperty("nll").GetDouble(), nats, what: "nats");
        return null;
    }

    private static string? Chain(GoldenCase golden)
    {
        var network = new Answers([GoldenCase.Real(golden.Inputs.GetProperty("logits_per_row"))]);
        double nats = ReleasedZeroShot.Chain(network, GoldenCase.Integers(golden.Inputs.GetProperty("sequence")), golden.Count("mask_index"), CPU);
        Assert.Equal(GoldenCase.Integers(golden.Expected.GetProperty("network_inputs")), network.Asked.Single());
        Close.Assert(golden.Expected.GetProperty("nll").GetDouble(), nats, what: "nats");
        return null;
    }

    /// <summary>Says one thing after the other, and remembers what it was asked.</summary>
    private sealed class Answers(Tensor[] logits) : IDenoiser
    {
        public List<long[]> Asked { get; } = [];

        public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? wanted = null, Layout? layout = null)
        {
            Asked.Add(tokens.data<long>().ToArray());
            return new FixedLogits(logits[Asked.Count - 1]).Logits(tokens, sigma, wanted, layout);
        }
    }
}
