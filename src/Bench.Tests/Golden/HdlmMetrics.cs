using Bench.Attention;
using Bench.Backbone;
using Bench.Metrics;
using Bench.Reference.Metrics;
using Bench.Reference.Sampling;
using Bench.Results.Metrics;
using Bench.Scoring;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>
/// HDLM's entropies, perplexities and zero-shot likelihoods, as released; where the file has the exact number, ours is that one.
/// </summary>
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
        double? logBase = golden.Inputs.GetProperty("log_base").NumberOrNull();
        int[][] sequences = ScoredTokens.Sequences(golden, "token_lists");
        golden.Expected.Match("entropy", [.. sequences.Select(tokens => ReleasedEntropy.Hdlm(tokens, logBase))], 1e-12);
        // Each different token takes about 1e-8 off theirs.
        golden.Expected.Match("entropy", [.. sequences.Select(tokens => SampleEntropy.Of(tokens) / Math.Log(logBase ?? Math.E))], 1e-6,
            "entropy, ours");
        return null;
    }

    private static string? Perplexity(GoldenCase golden)
    {
        var scored = ScoredTokens.Of(golden, CountedTokens.AfterFirst);
        int rows = Math.Min(4, golden.Count("batch_size")), used = scored.Length / rows * rows; // no more at once, and whole batches only
        golden.Expected.Match("perplexity", ReleasedPerplexity.Hdlm(scored, golden.Count("batch_size")));
        golden.Exact.Match("perplexity", GenerativePerplexity.PerToken.Corpus(scored.Take(used)), what: "corpus perplexity");
        golden.Exact.Match("sequences_used", used);
        return null;
    }

    // The file keeps the inputs of the chain rule with these cases, too; what is masked here follows from the draws.
    private static string? MonteCarlo(GoldenCase golden)
    {
        long[] sequence = GoldenCase.Integers(golden.Inputs.GetProperty("sequence"));
        int rows = golden.Count("batch_size");
        (double Place, double[] Masking)[] rounds = [.. GoldenDraw.All(golden).Chunk(2)
            .Select(round => (round[0].Uniforms().Single(), round[1].Uniforms()))];
        golden.Only("batch_size", rounds.All(round => round.Masking.Length == rows * sequence.Length), "the rows of each draw");
        golden.Only("mc_num", golden.Count("mc_num") / rows == rounds.Length, "such that it fills the rounds that were drawn");
        CheckMask(golden);
        var network = new Answers([.. golden.Inputs.GetProperty("logits_per_call").EnumerateArray().Select(GoldenCase.Real)]);
        golden.Expected.Match("nll", ReleasedZeroShot.MonteCarlo(network, sequence, golden.Count("mask_index"),
            golden.Number("sampling_eps"), rounds, CPU));
        return null;
    }

    private static void CheckMask(GoldenCase golden) =>
        golden.Only("vocab_size", golden.Count("vocab_size") > golden.Count("mask_index"), "more than the number of the mask");

    private static string? Chain(GoldenCase golden)
    {
        var network = new Answers([GoldenCase.Real(golden.Inputs.GetProperty("logits_per_row"))]);
        double nats =
            ReleasedZeroShot.Chain(network, GoldenCase.Integers(golden.Inputs.GetProperty("sequence")), golden.Count("mask_index"), CPU);
        golden.Expected.Match("network_inputs", network.Asked.Single());
        CheckMask(golden);
        golden.Expected.Match("nll", nats, what: "nats");
        return null;
    }

    /// <summary>Says one thing after the other, and remembers what it was asked.</summary>
    private sealed class Answers(Tensor[] logits) : IDenoiser
    {
        public List<long[]> Asked { get; } = [];

        public Tensor Logits(DenoiserInput asked)
        {
            var (tokens, sigma, wanted, layout) = asked;
            Asked.Add(tokens.data<long>().ToArray());
            return new FixedLogits(logits[Asked.Count - 1]).Logits(tokens, sigma, wanted, layout);
        }
    }
}
