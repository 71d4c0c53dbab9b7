using System.Globalization;
using Bench.Guidance;
using Bench.Noise;
using Bench.Sampling.Samplers;
using Bench.Tasks.GuidanceToy;
using Bench.Tests.Guidance;

namespace Bench.Tests.Golden;

/// <summary>What guidance draws from the toy of three tokens, computed instead of drawn: mathematics alone, no public code.</summary>
public sealed class SvddExact : IGoldenFamily
{
    private const string BaseGroup = "base_law", Drawn = "law"; // stored name
    private const string ToTarget = "kl_law_target", ToBase = "kl_law_base"; // stored name

    public string Family => "svdd_exact";

    public string? Check(GoldenCase golden)
    {
        if (golden.Group == "d_cbg")
            return "steps tilted token by token are not built yet";
        var chain = Chain(golden);
        double[] rewards = golden.Inputs.GetProperty("reward_values").Numbers();
        Close.Assert([.. Toy.Rewards], rewards, 1e-15);
        double alpha = golden.Inputs.TryGetProperty("alpha", out var given) ? given.GetDouble() : 1;
        if (given is not null)
            Close.Assert(Toy.Target(alpha), Target(chain.Joint, rewards, alpha), 1e-14);
        switch (golden.Group)
        {
            case BaseGroup:
                golden.Exact.Match(Drawn, chain.Unguided());
                golden.Exact.Match("tv_to_p", Distance(chain.Unguided(), chain.Joint));
                break;
            case "soft_values":
                Soft(golden, chain, rewards, alpha);
                break;
            case "best_of_n":
                OfFinished(golden, chain, rewards, alpha);
                break;
            case "smc":
                Particles(golden, chain, rewards, alpha);
                break;
            default:
                var rule = new Svdd(golden.Count("M"), alpha, IsGreedy: golden.Group == "svdd_argmax");
                Match(golden.Exact, chain, chain.Of(Values(golden, chain, rewards, alpha), rule), rewards, alpha);
                break;
        }

        return null;
    }

    // Along T steps the steps are those of the ancestral sampler.
    private static EnumeratedChain Chain(GoldenCase golden)
    {
        var toy = golden.Inputs.GetProperty("toy");
        int tokenCount = toy.GetProperty("words").GetInt32();
        golden.Only("toy", toy.GetProperty("mask_index").GetInt32() == tokenCount && toy.GetProperty("length").GetInt32() == 3
            && toy.GetProperty("order").GetString()!.StartsWith("word sequences 000, 001", StringComparison.Ordinal), "that of Toy");
        double[] joint = [.. toy.GetProperty("p_counts_per_1000").Numbers().Select(count => count / 1000)];
        Close.Assert([.. Toy.Joint], joint, 1e-15);
        string chain = golden.Text("chain");
        return chain == "one" ? EnumeratedChain.OneByOne(joint, tokenCount) : EnumeratedChain.Of(
            joint, GuidedToy.Setup(new Absorbing(), int.Parse(chain[2..], CultureInfo.InvariantCulture), tokenCount, 3), new Ancestral());
    }

    private static double[][] Values(GoldenCase golden, EnumeratedChain chain, double[] rewards, double alpha)
    {
        double[][] Same(IValue value) => [.. Enumerable.Repeat(chain.Values(new ToyReward(), value, alpha), chain.Steps + 1)];
        return golden.Text("value") switch
        {
            "soft" => chain.SoftValues(rewards, alpha),
            "mean" => chain.SoftValues(rewards, double.PositiveInfinity),
            "pm_argmax" => Same(new ArgmaxValue()),
            "pm_mean" => Same(new RelaxedValue()),
            var other => throw new NotSupportedException($"no value called {other}"),
        };
    }

    private static void Soft(GoldenCase golden, EnumeratedChain chain, double[] rewards, double alpha)
    {
        golden.Only("state_order", golden.Text("state_order").StartsWith("000,001,002,003,010", StringComparison.Ordinal), "by symbols");
        double[][] values = chain.SoftValues(rewards, alpha);
        golden.Exact.Match("value_before_step", [.. values[..^1].SelectMany(row => row)], 1e-12);
        // Where p itself is drawn, the value of the start is α ln Z.
        double log = values[0].Zip(chain.Start).Where(pair => pair.Second > 0).Sum(pair => pair.First * pair.Second) / alpha;
        double[] drawn = chain.Unguided();
        golden.Exact.Match("log_Z", log, 1e-12);
        double[] target = Target(drawn, rewards, alpha);
        golden.Exact.Match("target", target, 1e-12);
        golden.Exact.Match("expected_reward_base", Mean(drawn, rewards), 1e-12);
        golden.Exact.Match("expected_reward_target", Mean(target, rewards), 1e-12);
        golden.Exact.Match("kl_target_base", Divergence(target, drawn), 1e-12);
    }

    private static void OfFinished(GoldenCase golden, EnumeratedChain chain, double[] rewards, double alpha)
    {
        double[] drawn = chain.Unguided();
        int count = golden.Count("N");
        Match(golden.Exact.Of("argmax"), chain, Selection.Of(drawn, rewards, count, alpha, isGreedy: true), rewards, alpha);
        Match(golden.Exact.Of("resampled"), chain, Selection.Of(drawn, rewards, count, alpha, isGreedy: false), rewards, alpha);
    }

    private static void Particles(GoldenCase golden, EnumeratedChain chain, double[] rewards, double alpha)
    {
        golden.Only("particles", 2, "pairs are enumerated");
        double[][] values = Values(golden, chain, rewards, alpha);
        double start = golden.Number("value_at_start");
        Close.Assert(start, values[0][^1], 1e-12);
        var (drawn, normaliser) = PairsOfParticles.Of(chain, values, rewards, alpha);
        Match(golden.Exact, chain, drawn, rewards, alpha);
        golden.Exact.Match("mean_of_product_of_mean_weights", normaliser / Math.Exp(start / alpha), 1e-12);
        golden.Exact.Match("Z_over_exp_start_value",
            chain.Unguided().Zip(rewards, (p, r) => p * Math.Exp(r / alpha)).Sum() / Math.Exp(start / alpha), 1e-12);
    }

    private static void Match(GoldenResult exact, EnumeratedChain chain, double[] drawn, double[] rewards, double alpha)
    {
        // The base distribution is that of the chain, p along few steps only nearly.
        double[] target = Target(chain.Unguided(), rewards, alpha);
        exact.Match(Drawn, drawn);
        exact.Match("expected_reward", Mean(drawn, rewards));
        exact.Match("tv_to_target", Distance(drawn, target));
        exact.Match(ToTarget, Divergence(drawn, target));
        exact.Match(ToBase, Divergence(drawn, chain.Unguided()));
    }

    private static double[] Target(double[] p, double[] rewards, double alpha)
    {
        double[] weights = [.. p.Zip(rewards, (q, r) => q * Math.Exp(r / alpha))];
        return Array.ConvertAll(weights, weight => weight / weights.Sum());
    }

    private static double Mean(double[] p, double[] rewards) => p.Zip(rewards, (q, r) => q * r).Sum();

    private static double Distance(double[] p, double[] q) => p.Zip(q, (a, b) => Math.Abs(a - b)).Sum() / 2;

    private static double Divergence(double[] p, double[] q) => p.Zip(q, (a, b) => a == 0 ? 0 : a * Math.Log(a / b)).Sum();
}

/// <summary>The same with two tokens under three noises.</summary>
public sealed class SvddNoise : IGoldenFamily
{
    private const string Unguided = "base_law", ByM = "svdd_law_by_M"; // stored name

    public string Family => "svdd_noise";

    public string? Check(GoldenCase golden)
    {
        int tokenCount = golden.Count("words"), length = golden.Count("length"), steps = golden.Count("steps");
        double alpha = golden.Number("alpha");
        double? gamma = golden.Inputs.GetProperty("gamma").NumberOrNull();
        INoiseProcess process = golden.Text("noise") switch
        {
            "absorbing" => new Absorbing(),
            "uniform" => new Uniform(),
            "gamma_hybrid" => new GammaHybrid(gamma!.Value),
            var other => throw new NotSupportedException($"no noise called {other}"),
        };
        double[] joint = [.. golden.Inputs.GetProperty("p_counts_per_1000").Numbers().Select(count => count / 1000)];
        double[] rewards = golden.Inputs.GetProperty("reward_values").Numbers();
        var chain = EnumeratedChain.Of(joint, GuidedToy.Setup(process, steps, tokenCount, length), new Ancestral());
        double[] drawn = chain.Unguided();
        double[] weights = [.. drawn.Zip(rewards, (p, r) => p * Math.Exp(r / alpha))];
        double[] target = Array.ConvertAll(weights, weight => weight / weights.Sum());
        double[][] values = chain.SoftValues(rewards, alpha);
        golden.Exact.Match(Unguided, drawn);
        golden.Exact.Match("log_Z", Math.Log(weights.Sum()), 1e-12);
        golden.Exact.Match("target", target);
        // Of states that generation can begin with.
        int[] states = process is Uniform ? chain.Finished : [.. Enumerable.Range(0, chain.States.Length)];
        golden.Exact.Match(
            "soft_value_before_first_step", [.. states.Select(state => values[0][state])], where: n => chain.Start[states[n]] > 0);
        var (byM, distances) = (golden.Exact.Of(ByM), golden.Exact.Of("svdd_tv_by_M"));
        foreach (string name in byM.Names)
        {
            double[] guided = name == "infinity" ? Optimal(chain, values, alpha)
                : chain.Of(values, new Svdd(int.Parse(name, CultureInfo.InvariantCulture), alpha));
            byM.Match(name, guided);
            distances.Match(name, guided.Zip(target, (p, q) => Math.Abs(p - q)).Sum() / 2);
        }

        return null;
    }

    // p*(z_s | z_t) = p(z_s | z_t) exp((v_s(z_s) − v_t(z_t))/α).
    private static double[] Optimal(EnumeratedChain chain, double[][] values, double alpha)
    {
        double[] now = chain.Start;
        for (int step = 0; step < chain.Steps; step++)
        {
            var after = new double[now.Length];
            for (int from = 0; from < now.Length; from++)
            {
                for (int to = 0; now[from] > 0 && to < now.Length; to++)
                {
                    if (chain.Moves(step, from)[to] is > 0 and var p)
                        after[to] += now[from] * p * Math.Exp((values[step + 1][to] - values[step][from]) / alpha);
                }
            }

            now = after;
        }

        return [.. chain.Finished.Select(state => now[state])];
    }
}
