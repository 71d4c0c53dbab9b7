using Bench.Guidance;
using Bench.Tests.Guidance;

namespace Bench.Tests.Golden;

/// <summary>Exact predictions, values and tilted distributions of Markov chains: mathematics alone, no public code.</summary>
public sealed class ChainToy : IGoldenFamily
{
    public string Family => "chain_toy";

    public string? Check(GoldenCase golden)
    {
        double alpha = golden.Number("alpha");
        var (chain, reward) = Of(golden);
        int[] x = Array.ConvertAll(golden.Inputs.GetProperty("x").Numbers(), token => (int)token);
        golden.Only("length", golden.Count("length") == x.Length, "the length of x");
        int[] hidden = [.. Enumerable.Repeat(chain.TokenCount, x.Length)];
        var (log, tilted) = chain.Sum(chain.Weights(hidden, reward, alpha));
        golden.Exact.Match("log_p_of_x", chain.Sum(chain.Weights(x, null, alpha)).Log);
        golden.Exact.Match("reward_of_x", reward.Of(x));
        golden.Exact.Match("log_Z", log);
        golden.Exact.Match("expected_reward_base", reward.Expected(chain.Sum(chain.Weights(hidden, null, alpha)).Marginals));
        golden.Exact.Match("expected_reward_target", reward.Expected(tilted));
        golden.Exact.Match("kl_target_base", (reward.Expected(tilted) / alpha) - log);
        golden.Exact.Match("target_marginals_first_and_last", [.. tilted[0], .. tilted[^1]]);
        foreach (var pattern in golden.Exact.Rows("patterns"))
        {
            int[] seen = Array.ConvertAll(pattern.Given("x_t"), token => (int)token);
            var (known, marginals) = chain.Sum(chain.Weights(seen, null, alpha));
            var guided = chain.Sum(chain.Weights(seen, reward, alpha)).Marginals;
            int[] masked = [.. Enumerable.Range(0, seen.Length).Where(i => seen[i] == chain.TokenCount)];
            pattern.Match("log_p_known", known);
            pattern.Match("x_theta_masked", [.. masked.SelectMany(i => marginals[i])]);
            pattern.Match("tilted_x_theta_masked", [.. masked.SelectMany(i => guided[i])]);
            pattern.Match("soft_value", chain.SoftValue(seen, reward, alpha));
        }

        return null;
    }

    /// <summary>The chain and the reward of a case.</summary>
    internal static (MarkovChain Chain, AdditiveReward Reward) Of(GoldenCase golden) => (
        new(
            golden.Inputs.GetProperty("initial").Numbers(),
            [.. golden.Inputs.GetProperty("transition").EnumerateArray().Select(row => row.Numbers())]),
        new(
            "chain", golden.Inputs.GetProperty("reward_c").Numbers(), golden.Inputs.GetProperty("reward_position_weights").Numbers()));
}
