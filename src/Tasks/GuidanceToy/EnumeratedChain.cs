using Bench.Backbone;
using Bench.Guidance;
using Bench.Noise;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Tasks.GuidanceToy;

/// <summary>
/// All noisy sequences of a small joint distribution and the probabilities of steps between them, as a sampler takes them with exact
/// predictions: what guidance does can be computed instead of drawn.
/// </summary>
public sealed class EnumeratedChain
{
    private readonly double[][][] moves; // [T][S][S]: step, state before, state after

    private EnumeratedChain(double[] joint, int tokenCount, double[] start, double[][][] moves)
    {
        (TokenCount, Start, this.moves) = (tokenCount, start, moves);
        Length = LengthOf(joint, tokenCount);
        Joint = joint;
        States = Strings(tokenCount + 1, Length);
        Finished = [.. States.Index().Where(entry => !entry.Item.Contains(tokenCount)).Select(entry => entry.Index)];
    }

    /// <summary>N.</summary>
    public int TokenCount { get; }

    /// <summary>L.</summary>
    public int Length { get; }

    /// <summary>p, by sequence of tokens in the order 0..00, 0..01, ...</summary>
    public double[] Joint { get; }

    /// <summary>[S][L] all sequences over tokens and the mask, N.</summary>
    public int[][] States { get; }

    /// <summary>The numbers of those without a mask, in the order of <see cref="Joint"/>.</summary>
    public int[] Finished { get; }

    /// <summary>[S] the distribution of the first state.</summary>
    public double[] Start { get; }

    /// <summary>T.</summary>
    public int Steps => moves.Length;

    /// <summary>The steps of a sampler along a hyperschedule whose positions are all active.</summary>
    /// <param name="joint">p.</param>
    /// <param name="setup">Noise and hyperschedule.</param>
    /// <param name="sampler">The sampler.</param>
    public static EnumeratedChain Of(double[] joint, DiffusionSetup setup, ITokenwise sampler)
    {
        int tokenCount = setup.Vocabulary.TokenCount, length = LengthOf(joint, tokenCount);
        int[][] states = Strings(tokenCount + 1, length);
        double[] start =
            [.. states.Select(state => state.Select(token => Prior(setup.Start, token, tokenCount)).Aggregate((p, q) => p * q))];
        var probabilities = new double[setup.Hyperschedule.Steps][][];
        for (int step = 0; step < probabilities.Length; step++)
        {
            double now = setup.Hyperschedule.TimeAt(step, 0), next = setup.Hyperschedule.TimeAt(step + 1, 0);
            Marginal s = setup.At(next), t = setup.At(now);
            // Where noise only masks, what is seen of other positions says all of them.
            var seen = setup.OnlyMasks ? Marginal.Clean : t;
            probabilities[step] = [.. states.Select(state => Product(
                states,
                [.. state.Select((token, i) =>
                    Move(sampler, new TokenState(setup, step, token, s, t), Predict(joint, state, i, seen, tokenCount)))]))];
        }

        return new EnumeratedChain(joint, tokenCount, start, probabilities);
    }

    /// <summary>L steps, each of which reveals any one of the masks: the limit of short ancestral steps of absorbing noise.</summary>
    public static EnumeratedChain OneByOne(double[] joint, int tokenCount)
    {
        int length = LengthOf(joint, tokenCount);
        int[][] states = Strings(tokenCount + 1, length);
        double[][] reveals = [.. states.Select((state, from) =>
        {
            int[] masked = [.. Enumerable.Range(0, length).Where(i => state[i] == tokenCount)];
            var to = new double[states.Length];
            if (masked.Length == 0)
                to[from] = 1;
            foreach (int i in masked)
            {
                double[] prediction = Predict(joint, state, i, Marginal.Clean, tokenCount);
                for (int token = 0; token < tokenCount; token++)
                    to[from - ((tokenCount - token) * Place(i, length, tokenCount + 1))] += prediction[token] / masked.Length;
            }

            return to;
        })];
        var start = new double[states.Length];
        start[^1] = 1;
        return new EnumeratedChain(joint, tokenCount, start, [.. Enumerable.Repeat(reveals, length)]);
    }

    /// <summary>[S] α ln E[exp(r/α) | state before a step] by the chain; NaN where a state cannot be finished in time.</summary>
    /// <param name="rewards">[N^L] r.</param>
    /// <param name="alpha">α; ∞ for the mean E[r | state].</param>
    /// <returns>[T + 1][S]; behind the last step r itself.</returns>
    public double[][] SoftValues(IReadOnlyList<double> rewards, double alpha)
    {
        var values = new double[Steps + 1][];
        values[Steps] = [.. Enumerable.Repeat(double.NaN, States.Length)];
        foreach (var (x, state) in Finished.Index())
            values[Steps][state] = rewards[x];
        for (int step = Steps - 1; step >= 0; step--)
        {
            double[] after = values[step + 1];
            values[step] = [.. moves[step].Select(to => Soft(to, after, alpha))];
        }

        return values;
    }

    /// <summary>[S] what a value that reads predictions is of each state, r where it is finished.</summary>
    /// <param name="reward">r.</param>
    /// <param name="value">The value.</param>
    /// <param name="alpha">α.</param>
    public double[] Values(IReward reward, IValue value, double alpha) =>
    [
        .. States.Select(state => value.Of(
            new Candidate(
                0, state,
                [.. state.Select((token, i) => token == TokenCount ? Predict(Joint, state, i, Marginal.Clean, TokenCount) : null)],
                reward.Of, reward.Expected, (_, _) => throw new NotSupportedException($"{value.Name} is drawn")),
            alpha)),
    ];

    /// <summary>The distribution of sequences where one of M candidates is kept after each step.</summary>
    /// <param name="values">[T + 1][S] values of candidates, by the number of the step that comes next.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>[N^L]</returns>
    public double[] Of(IReadOnlyList<double[]> values, Svdd rule)
    {
        double[] now = Start;
        for (int step = 0; step < Steps; step++)
        {
            var after = new double[now.Length];
            foreach (var (from, p) in now.Index().Where(entry => entry.Item > 0))
            {
                int[] reached = [.. Enumerable.Range(0, now.Length).Where(to => moves[step][from][to] > 0)];
                double[] chosen = Selection.Of(
                    [.. reached.Select(to => moves[step][from][to])], [.. reached.Select(to => values[step + 1][to])],
                    rule.Candidates, rule.Alpha, rule.IsGreedy);
                foreach (var (k, to) in reached.Index())
                    after[to] += p * chosen[k];
            }

            now = after;
        }

        return [.. Finished.Select(state => now[state])];
    }

    /// <summary>[S] probabilities of the states behind a state.</summary>
    public IReadOnlyList<double> Moves(int step, int state) => moves[step][state];

    /// <summary>The distribution of the sequences without guidance.</summary>
    public double[] Unguided() => Of([.. Enumerable.Repeat(new double[States.Length], Steps + 1)], new Svdd(1, 1));

    /// <summary>All sequences over some symbols, in the order 0..00, 0..01, ...</summary>
    public static int[][] Strings(int symbols, int length) => length == 0
        ? [[]]
        : [.. Strings(symbols, length - 1).SelectMany(start => Enumerable.Range(0, symbols).Select(symbol => (int[])[.. start, symbol]))];

    /// <summary>p(x_i | all noisy tokens but the one at i).</summary>
    /// <param name="joint">p.</param>
    /// <param name="noisy">[L] tokens.</param>
    /// <param name="position">i.</param>
    /// <param name="now">The noise of all of them; without any, masks say nothing and tokens are clean.</param>
    /// <param name="tokenCount">N.</param>
    public static double[] Predict(double[] joint, ReadOnlySpan<int> noisy, int position, Marginal now, int tokenCount)
    {
        var prediction = new double[tokenCount];
        double total = 0;
        for (int n = 0; n < joint.Length; n++)
        {
            double p = joint[n];
            int own = 0;
            for (int i = noisy.Length - 1, rest = n; i >= 0; i--, rest /= tokenCount)
            {
                int token = rest % tokenCount;
                if (i == position)
                    own = token;
                else
                    p *= noisy[i] == tokenCount && now == Marginal.Clean ? 1 : now.Probability(noisy[i], token, tokenCount);
            }

            prediction[own] += p;
            total += p;
        }

        return total == 0 ? [.. Enumerable.Repeat(1.0 / tokenCount, tokenCount)] : Array.ConvertAll(prediction, p => p / total);
    }

    private static double Soft(double[] to, double[] after, double alpha)
    {
        int[] reached = [.. Enumerable.Range(0, to.Length).Where(state => to[state] > 0)];
        if (reached.Length == 0 || reached.Any(state => double.IsNaN(after[state])))
            return double.NaN;
        if (double.IsInfinity(alpha))
            return reached.Sum(state => to[state] * after[state]);
        double most = reached.Max(state => after[state]);
        return most + (alpha * Math.Log(reached.Sum(state => to[state] * Math.Exp((after[state] - most) / alpha))));
    }

    private static double[] Move(ITokenwise sampler, TokenState moment, double[] prediction)
    {
        int mask = prediction.Length;
        double[] distribution = [.. prediction, 0];
        var probabilities = sampler.ProbabilitiesOf(moment);
        if (probabilities.Drawn > 0)
        {
            sampler.Weigh(distribution, moment, DecodingOptions.AsPredicted);
            double total = distribution.Sum();
            distribution = Array.ConvertAll(distribution, weight => probabilities.Drawn * weight / total);
        }
        else
        {
            Array.Clear(distribution);
        }

        distribution[mask] += probabilities.Masked;
        distribution[moment.Token] += 1 - probabilities.Masked - probabilities.Drawn;
        return distribution;
    }

    private static double[] Product(int[][] states, double[][] distributions) =>
        [.. states.Select(state => state.Select((token, i) => distributions[i][token]).Aggregate((p, q) => p * q))];

    private static double Prior(Marginal start, int token, int tokenCount) =>
        token == tokenCount ? start.MaskProbability : start.TokenProbability(0, tokenCount);

    // How far apart the numbers of states are that differ by one at a position.
    private static int Place(int position, int length, int symbols) => (int)Math.Pow(symbols, length - 1 - position);

    private static int LengthOf(double[] joint, int tokenCount) => (int)Math.Round(Math.Log(joint.Length) / Math.Log(tokenCount));
}

/// <summary>The distribution of the candidate that is kept of some that are drawn independently.</summary>
public static class Selection
{
    /// <summary>
    /// Of M candidates, one in proportion to w = exp(v/α): P(y) = M p(y) w(y) ∫_0^∞ e^{−u w(y)} Λ(u)^{M−1} du, Λ(u) = E e^{−uw}; or the one
    /// of the highest value, the first of ties.
    /// </summary>
    /// <param name="probabilities">p.</param>
    /// <param name="values">v.</param>
    /// <param name="candidates">M.</param>
    /// <param name="alpha">α.</param>
    /// <param name="isGreedy">Whether the highest value is taken.</param>
    public static double[] Of(double[] probabilities, double[] values, int candidates, double alpha, bool isGreedy)
    {
        if (candidates == 1)
            return [.. probabilities];
        if (isGreedy)
            return Highest(probabilities, values, candidates);
        double[] weights = Tilt.Weights(values, alpha);
        double none = weights.Zip(probabilities).Where(pair => pair.First == 0).Sum(pair => pair.Second);
        // Where all candidates have weight 0, any is kept.
        double[] chosen = Array.ConvertAll(weights, w => w == 0 ? Math.Pow(none, candidates - 1) : 0);
        // u = e^s: the integrand is analytic for |Im s| < π/2 and falls off on both sides, so that the trapezoidal rule converges
        // exponentially in 1/h.
        const double H = 0.125;
        double least = weights.Where(w => w > 0).Min();
        for (double s = -40; s < 5 - Math.Log(least); s += H)
        {
            double u = Math.Exp(s), transform = 0;
            var decays = new double[weights.Length];
            for (int y = 0; y < weights.Length; y++)
                transform += probabilities[y] * (decays[y] = Math.Exp(-u * weights[y]));
            double others = H * u * candidates * Math.Pow(transform, candidates - 1);
            for (int y = 0; y < weights.Length; y++)
                chosen[y] += others * weights[y] * decays[y];
        }

        return [.. chosen.Zip(probabilities, (factor, p) => factor * p)];
    }

    // P(max ≤ v) = P(v ≤ it)^M; among ties in proportion to p.
    private static double[] Highest(double[] probabilities, double[] values, int candidates)
    {
        const double Tie = 1e-12; // sums of rewards differ by rounding
        return [.. values.Select((value, y) =>
        {
            double below = Total(v => v < value - Tie), same = Total(v => Math.Abs(v - value) <= Tie);
            return same == 0 ? 0 : (Math.Pow(below + same, candidates) - Math.Pow(below, candidates)) * probabilities[y] / same;
        })];

        double Total(Func<double, bool> which) => values.Zip(probabilities).Where(pair => which(pair.First)).Sum(pair => pair.Second);
    }
}
