using Bench.Guidance;
using Bench.Noise;
using Bench.Reference.Guidance;
using Bench.Reference.Sampling;
using Bench.Tasks.GuidanceToy;

namespace Bench.Tests.Golden;

/// <summary>
/// One step of the SVDD release: candidates and their values as released (expected), and what is drawn from these by the paper (exact).
/// </summary>
public sealed class SvddStep : IGoldenFamily
{
    public string Family => "svdd_step";

    public string? Check(GoldenCase golden)
    {
        if (golden.Expected.Has("raises"))
            return "one_hot is called without a class count there, and fails where the last token is predicted nowhere";
        if (golden.Group == "dps")
            return "steps along gradients of a reward are not built yet";
        golden.Only("mask_index", golden.Count("vocab_size") - 1, "the mask stands last");
        if (golden.Group == "tds")
            Resampled(golden);
        else
            Selected(golden);
        return null;
    }

    private static void Selected(GoldenCase golden)
    {
        var (x, step) = (Rows(golden), Step.Of(golden));
        double[][][] weights = [.. x.Select(row => row.Select((token, i) => step.Weigh(row, i)).ToArray())];
        golden.Expected.Match("q_xs", [.. weights.SelectMany(row => row).SelectMany(w => w)]);
        var draws = GoldenDraw.All(golden);
        golden.Only("M", draws.Length, "as many as there are draws");
        int[][][] candidates = new int[x.Length][][];
        int[][][] byDraw = [.. draws.Select(draw => Drawn(x, weights, new RecordedDraws(draw.Uniforms())))];
        for (int row = 0; row < x.Length; row++)
            candidates[row] = [.. byDraw.Select(rows => rows[row])];
        golden.Expected.Match("candidates", candidates.SelectMany(row => row).SelectMany(z => z).Select(token => (long)token));
        double[][] values = golden.Group == "mc" ? Fitted(golden, candidates) : Predicted(golden, candidates);
        golden.Expected.Match("values", [.. values.SelectMany(row => row)]);
        int[] selected = [.. values.Select(ReleasedSvdd.Select)];
        if (golden.Group == "mc")
            golden.Expected.Match("softmax_of_values", [.. values.SelectMany(row => Shares(row, 1))]);
        golden.Expected.Match("selected", selected.Select(m => (long)m));
        golden.Expected.Match("x_next", candidates.Zip(selected, (row, m) => row[m]).SelectMany(z => z).Select(token => (long)token));

        // The paper's draw.
        double[] uniforms = golden.Inputs.GetProperty("selection_uniform").Numbers();
        var byAlpha = golden.Exact.Of(golden.Group == "mc" ? "by_alpha" : "by_alpha_of_code_values");
        foreach (string name in byAlpha.Names)
        {
            double alpha = double.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
            byAlpha.Of(name).Match("weights", [.. values.SelectMany(row => Shares(row, alpha))]);
            byAlpha.Of(name).Match("index_by_inverse_cdf", values.Zip(
                uniforms, (row, u) => (long)new Svdd(row.Length, alpha).Begin().Continue(row, isLast: false, _ => u)[0]));
        }
    }

    private static double[][] Fitted(GoldenCase golden, int[][][] candidates)
    {
        double[][] c = [.. golden.Inputs.GetProperty("value_C").EnumerateArray().Select(row => row.Numbers())];
        double q = golden.Number("value_q");
        return [.. candidates.Select(row => row.Select(z =>
        {
            double s = z.Select((token, i) => token < c[i].Length ? c[i][token] : 0).Sum();
            return s + (q * s * s);
        }).ToArray())];
    }

    // Values of one prediction are ours: those of the argmax, of the distributions, and of all tokens with their probabilities.
    private static double[][] Predicted(GoldenCase golden, int[][][] candidates)
    {
        var reward = Bilinear.Of(golden);
        Candidate[][] seen = [.. candidates.Select(row => row.Select(z => Seen(z, reward)).ToArray())];
        golden.Expected.Match("argmax_prediction", seen.SelectMany(row => row).SelectMany(
            z => z.Tokens.Select((token, i) => (long)(z.Clean[i] is { } p ? Array.IndexOf(p, p.Max()) : token))));
        golden.Exact.Match("mean", [.. seen.SelectMany(row => row.Select(z => new RelaxedValue().Of(z, 1)))]);
        var soft = golden.Exact.Of("soft");
        foreach (string name in soft.Names)
        {
            double alpha = double.Parse(name, System.Globalization.CultureInfo.InvariantCulture);
            soft.Match(name, [.. seen.SelectMany(row => row.Select(z => Soft(z, reward, alpha)))]);
        }

        return [.. seen.Select(row => row.Select(z => new ArgmaxValue().Of(z, 1)).ToArray())];
    }

    private static void Resampled(GoldenCase golden)
    {
        var (x, step, reward) = (Rows(golden), Step.Of(golden), Bilinear.Of(golden));
        double[][][] weights = [.. x.Select(row => row.Select((token, i) => step.Weigh(row, i)).ToArray())];
        int[][] after = Drawn(x, weights, new RecordedDraws(GoldenDraw.All(golden)));
        double[] values = [.. after.Select(z => new ArgmaxValue().Of(Seen(z, reward), 1))];
        double[] before = [.. x.Select(z => new ArgmaxValue().Of(Seen(z, reward), 1))];
        golden.Expected.Match("reward_after", values);
        golden.Expected.Match("reward_before", before);
        var (probabilities, ancestors) = ReleasedSvdd.Resample(
            values, before, golden.Number("alpha"), golden.Inputs.GetProperty("resampling_uniform").Numbers());
        golden.Expected.Match("resampling_probabilities", probabilities);
        golden.Expected.Match("x_next", ancestors.SelectMany(row => after[row]).Select(token => (long)token));
    }

    // Known tokens are kept; for the others, a race over all ids.
    private static int[][] Drawn(int[][] x, double[][][] weights, RecordedDraws draws)
    {
        var race = Race.OfSedd(draws);
        int mask = weights[0][0].Length - 1;
        int[][] drawn =
        [
            .. x.Select((row, b) => row.Select((token, i) => race.From(weights[b][i]) is var y && token == mask ? y : token).ToArray()),
        ];
        draws.AssertSpent();
        return drawn;
    }

    private static int[][] Rows(GoldenCase golden) =>
        [.. golden.Inputs.GetProperty("x").EnumerateArray().Select(row => Array.ConvertAll(row.Numbers(), token => (int)token))];

    private static double[] Shares(double[] values, double alpha)
    {
        double[] weights = Tilt.Weights(values, alpha);
        return Array.ConvertAll(weights, weight => weight / weights.Sum());
    }

    private static double[] Prediction(int[] z, int i, int tokenCount)
    {
        long[] tokens = Array.ConvertAll(z, token => (long)token);
        double[] weights = [.. Enumerable.Range(0, tokenCount).Select(v => Math.Exp(ToyLogit(i, v, tokens)))];
        return Array.ConvertAll(weights, weight => weight / weights.Sum());
    }

    private static double ToyLogit(int i, int v, long[] z) => Objectives.ToyDenoiser.Logit(i, v, z);

    private static Candidate Seen(int[] z, Bilinear reward) => new(
        0, z, [.. z.Select((token, i) => token == reward.TokenCount ? Prediction(z, i, reward.TokenCount) : null)], reward.Of,
        reward.Expected, (_, _) => throw new NotSupportedException("nothing is drawn"));

    private static double Soft(Candidate z, Bilinear reward, double alpha)
    {
        int[] open = [.. Enumerable.Range(0, z.Tokens.Length).Where(i => z.Clean[i] is not null)];
        var (logs, x) = (new List<double>(), (int[])[.. z.Tokens]);
        foreach (int[] values in EnumeratedChain.Strings(reward.TokenCount, open.Length))
        {
            double log = 0;
            foreach (var (k, i) in open.Index())
                log += Math.Log(z.Clean[i]![x[i] = values[k]]);
            logs.Add(log + (reward.Of(x) / alpha));
        }

        double most = logs.Max();
        return alpha * (most + Math.Log(logs.Sum(log => Math.Exp(log - most))));
    }

    // Move chances of absorbing noise, as our ancestral step has them, in the release's units.
    private sealed record Step(Marginal S, Marginal T, int TokenCount)
    {
        public static Step Of(GoldenCase golden)
        {
            var schedule = golden.Schedule();
            double t = golden.Number("t"), s = t - golden.Number("dt");
            Marginal At(double time) => new Absorbing().At(schedule.Sigma(time));
            return new(At(s), At(t), golden.Count("vocab_size") - 1);
        }

        public double[] Weigh(int[] z, int i)
        {
            double revealed = 1 - ReverseDistribution.MaskStays(S, T, Chain.MaskAbsorbs);
            double[] p = z[i] == TokenCount ? Prediction(z, i, TokenCount)
                : [.. Enumerable.Range(0, TokenCount).Select(v => v == z[i] ? 1.0 : 0)];
            return [.. p.Select(q => T.MaskProbability * revealed * q), T.MaskProbability * (1 - revealed)];
        }
    }

    // Σ_i R[i][x_i] + bonus [x_0 = x_last].
    private sealed record Bilinear(double[][] Numbers, double Bonus) : IReward
    {
        public string Name => "bilinear";

        public bool IsMultilinear => true;

        public int TokenCount => Numbers[0].Length;

        public static Bilinear Of(GoldenCase golden) => new(
            [.. golden.Inputs.GetProperty("reward_R").EnumerateArray().Select(row => row.Numbers())], golden.Number("reward_bonus"));

        public double Of(ReadOnlySpan<int> tokens)
        {
            double sum = tokens[0] == tokens[^1] ? Bonus : 0;
            for (int i = 0; i < tokens.Length; i++)
                sum += Numbers[i][tokens[i]];
            return sum;
        }

        public double Expected(IReadOnlyList<double[]> distributions) =>
            distributions.Zip(Numbers, (p, r) => p.Zip(r, (a, b) => a * b).Sum()).Sum()
            + (Bonus * distributions[0].Zip(distributions[^1], (a, b) => a * b).Sum());
    }
}
