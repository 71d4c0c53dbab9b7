using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using static TorchSharp.torch;

namespace Bench.Objectives;

/// <summary>Score entropies, filled with a network's log-scores.</summary>
internal static class ScoreExpectation
{
    /// <summary>What a position adds per unit of σ, known by its total noise, whether it is masked and whether it is unchanged.</summary>
    internal delegate ScoreTerm Rule(double sigma, bool masked, bool unchanged);

    /// <summary>σ' times the score entropy of each position.</summary>
    /// <param name="setup">Noise, hyperschedule and view.</param>
    /// <param name="rule">What a position adds.</param>
    /// <param name="scaledBySigma">Whether outputs are lowered by <see cref="ScoreOutput.Offset"/>.</param>
    /// <param name="network">Gives log-scores.</param>
    /// <param name="batch">B noisy examples of L tokens.</param>
    /// <param name="device">Where the network is.</param>
    /// <returns>[B, L] nats.</returns>
    public static Tensor Of(DiffusionSetup setup, Rule rule, bool scaledBySigma, IDenoiser network, NoisyBatch batch, Device device)
    {
        using var scope = NewDisposeScope();
        var terms = Terms(setup, rule, scaledBySigma, batch);
        int[] wanted = [.. Enumerable.Range(0, terms.Length).Where(i => terms[i] != default)];
        var nats = batch.PerPosition(network, wanted, device, (outputs, first) =>                           // [M]
        {
            int[] part = wanted[first..(first + (int)outputs.size(0))];
            return Of(outputs, Array.ConvertAll(part, i => terms[i]), Pick(part, batch.Clean.Tokens), Pick(part, batch.Tokens));
        });
        return zeros([terms.Length], nats.dtype, device).scatter(0, tensor(Array.ConvertAll(wanted, i => (long)i)).On(device), nats)
            .view(batch.Clean.Rows, batch.Clean.Length).MoveToOuterDisposeScope();

        static long[] Pick(int[] part, long[] tokens) => Array.ConvertAll(part, i => tokens[i]);
    }

    private static Tensor Of(Tensor outputs, ScoreTerm[] terms, long[] x0, long[] xt)
    {
        long tokenCount = outputs.size(-1) - 1;
        var scores = outputs.narrow(-1, 0, tokenCount);                                                          // [M, N]
        // [M, N] nowhere where x_t is the mask
        var own = tensor(xt).On(outputs.device).unsqueeze(-1).eq(arange(tokenCount, int64, outputs.device));
        var clean = scores.gather(-1, tensor(x0).On(outputs.device).unsqueeze(-1)).squeeze(-1);        // [M]
        var nats = PerPosition(term => term.Constant) + (PerPosition(term => term.Clean) * clean)
            + (PerPosition(term => term.Sum) * scores.masked_fill(own, float.NegativeInfinity).exp().sum(-1));
        return terms.Any(term => term.Every != 0) ? nats + (PerPosition(term => term.Every) * scores.masked_fill(own, 0).sum(-1)) : nats;

        Tensor PerPosition(Func<ScoreTerm, double> of) => tensor([.. terms.Select(of)], outputs.dtype).On(outputs.device);
    }

    // In terms of the outputs, weighted: near t = 0 the weight overflows what single precision holds of the scores, but not of their
    // product.
    private static ScoreTerm[] Terms(DiffusionSetup setup, Rule rule, bool scaledBySigma, NoisyBatch batch)
    {
        var terms = new ScoreTerm[batch.Tokens.Length];
        for (int at = 0; at < terms.Length; at++)
        {
            if (!batch.IsTarget(at))
                continue;
            var (row, i) = Math.DivRem(at, batch.Clean.Length);
            var draw = batch.LevelDraws[row];
            bool masked = batch.Tokens[at] == setup.Vocabulary.MaskId;
            double sigma = setup.Schedule.Sigma(draw.Times[i]);
            var term = (draw.Weight * setup.Schedule.Rate(draw.Times[i])) * rule(sigma, masked, batch.Tokens[at] == batch.Clean.Tokens[at]);
            terms[at] = scaledBySigma
                ? Lowered(term, ScoreOutput.Offset(sigma, setup.Vocabulary.TokenCount), setup.Vocabulary.TokenCount - (masked ? 0 : 1))
                : term;
        }

        return terms;
    }

    // The term as a function of outputs instead of log-scores; others: how many tokens are not x_t.
    private static ScoreTerm Lowered(ScoreTerm term, double offset, int others) =>
        new(term.Constant - (offset * (term.Clean + (others * term.Every))), Math.Exp(-offset) * term.Sum, term.Clean, term.Every);
}
