using Bench.Noise;
using Bench.Tests.Noise;

namespace Bench.Tests.Golden;

/// <summary>A graph of SEDD or HDLM: states, their rates and transitions, draws, and sums over scores.</summary>
/// <param name="Process">The noise.</param>
/// <param name="TokenCount">N.</param>
/// <param name="HasMask">Whether the graph has a state for the mask; otherwise ours is left out of the comparison.</param>
internal sealed record Graph(INoiseProcess Process, int TokenCount, bool HasMask)
{
    public int States => TokenCount + (HasMask ? 1 : 0);

    /// <summary>Q, or its transpose: what leads into state i, in row i.</summary>
    public double[] Rates(bool transposed) => Table((y, x) => transposed ? Generator[x, y] : Generator[y, x]);

    /// <summary>[y][x] the probability of ending in y when starting in x, or its transpose.</summary>
    public double[] Transition(double sigma, bool transposed) =>
        Table((y, x) => transposed ? Probability(sigma, x, y) : Probability(sigma, y, x));

    /// <summary>Draws with the branches in the order of the public code: the mask, another token, the token itself.</summary>
    public long[] Sample(GoldenCase golden)
    {
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        return Sample(x0, GoldenCase.Numbers(golden.Inputs.GetProperty("sigma")), GoldenDraw.All(golden));
    }

    /// <summary>The same at given noise: one σ, or one a row, or one a token.</summary>
    public long[] Sample(long[] x0, double[] sigma, GoldenDraw[] draws)
    {
        double[] u = draws[0].Uniforms();
        long[] replacements = draws.Length > 1 ? draws[1].Integers(0, TokenCount) : [];
        int used = 0;
        return [.. x0.Select((token, i) =>
        {
            var marginal = Process.At(sigma[i / (x0.Length / sigma.Length)]);
            if (token == TokenCount || u[i] < marginal.Mask)
                return TokenCount;
            // A replacement is drawn for all tokens, or only for those that are replaced.
            return u[i] >= marginal.Mask + marginal.Uniform
                ? token
                : replacements.Length == x0.Length ? replacements[i] : replacements[used++];
        })];
    }

    /// <summary>[.., state] earlier scores.</summary>
    public double[] Staggered(GoldenInput logScores, Func<double, Staggered> form, double[] delta)
    {
        double[] scores = [.. GoldenCase.Numbers(logScores).Select(Math.Exp)];
        int perDelta = scores.Length / delta.Length;
        return [.. scores.Chunk(States)
            .SelectMany((row, i) => StaggeredTests.Apply(form(delta[i * States / perDelta]), HasMask ? row : [.. row, 0])[..States])];
    }

    /// <summary>[.., state] jumps back in time, q(x_t | y)-rates times scores, and what leaves x_t.</summary>
    public double[] Reverse(GoldenCase golden)
    {
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
        return [.. GoldenCase.Numbers(golden.Inputs.GetProperty("log_score")).Select(Math.Exp).Chunk(States).SelectMany((scores, i) =>
        {
            double[] jumps = [.. scores.Select((score, y) => y == x[i] ? 0 : Generator[(int)x[i], y] * score)];
            jumps[x[i]] = -jumps.Sum();
            return jumps;
        })];
    }

    /// <summary>[..] score entropies of positions.</summary>
    public double[] Entropy(GoldenCase golden, Func<double, bool, bool, ScoreTerm> form)
    {
        long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x")), x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        double[] sigma = GoldenCase.Numbers(golden.Inputs.GetProperty("sigma"));
        return [.. GoldenCase.Numbers(golden.Inputs.GetProperty("log_score")).Chunk(States).Select((row, i) =>
        {
            var term = form(sigma[i / (x.Length / sigma.Length)], x[i] == TokenCount, x[i] == x0[i]);
            return ScoreTermTests.Value(term, row.AsSpan(0, TokenCount), (int)x0[i], (int)x[i]);
        })];
    }

    /// <summary>The term of the process itself.</summary>
    public ScoreTerm Exact(double sigma, bool masked, bool unchanged) =>
        ScoreTerm.Of(Process.At(sigma), Process.RatesAt(sigma), masked, unchanged, TokenCount);

    private MathNet.Numerics.LinearAlgebra.Matrix<double> Generator => Chains.Generator(Process.RatesAt(1), TokenCount);

    private double Probability(double sigma, int y, int x) => Process.At(sigma).Probability(y, x, TokenCount);

    private double[] Table(Func<int, int, double> entry) =>
        [.. from y in Enumerable.Range(0, States) from x in Enumerable.Range(0, States) select entry(y, x)];
}
