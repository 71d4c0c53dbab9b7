using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Guidance;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tasks.GuidanceToy;
using Bench.Tests.Golden;
using Xunit;

namespace Bench.Tests.Guidance;

/// <summary>What guided samplers draw, against distributions that were computed (svdd_exact.json holds these).</summary>
public sealed class GuidedDistributionTests
{
    private const int Steps = 3, Count = 20_000;
    private const double Alpha = 0.5, Most = 62; // χ² over 27 sequences beyond it has probability 1e-4

    public static TheoryData<Potential, int, double> Steerings()
    {
        var data = new TheoryData<Potential, int, double>();
        foreach (var potential in Enum.GetValues<Potential>())
        {
            foreach (var (candidates, threshold) in new[] { (1, 0.5), (2, 0), (2, 1), (8, 0.5) })
                data.Add(potential, candidates, threshold);
        }

        return data;
    }

    [Theory, InlineData(2, false), InlineData(8, false), InlineData(4, true)]
    public void SVDD_draws_what_its_selection_comes_to(int candidates, bool greedy)
    {
        var rule = new Svdd(candidates, Alpha, greedy);
        var chain = GuidedToy.Chain(Steps);
        double[] expected = chain.Of(chain.SoftValues(GuidedToy.Rewards, Alpha), rule);
        var drawn = GuidedToy.Draw(GuidedToy.Guide(rule, GuidedToy.Exact(Steps, Alpha)), Steps, Count);
        if (!greedy)
            Assert.InRange(GuidedToy.ChiSquared(drawn, expected), 0, Most);
        else
            Assert.InRange(Distance(drawn, expected), 0, 0.03); // values that are equal but for rounding are ties there
    }

    [Theory, InlineData("argmax"), InlineData("relaxed")]
    public void SVDD_with_values_of_one_prediction_draws_what_they_come_to(string kind)
    {
        IValue value = kind == "argmax" ? new ArgmaxValue() : new RelaxedValue();
        var rule = new Svdd(4, Alpha);
        var chain = GuidedToy.Chain(Steps);
        double[] values = chain.Values(new ToyReward(), value, Alpha);
        double[] expected = chain.Of([.. Enumerable.Repeat(values, Steps + 1)], rule);
        Assert.InRange(GuidedToy.ChiSquared(GuidedToy.Draw(GuidedToy.Guide(rule, value), Steps, Count), expected), 0, Most);
    }

    [Fact]
    public void Total_variation_falls_as_one_over_M_with_exact_values_and_levels_off_with_means()
    {
        var chain = GuidedToy.Chain(Steps);
        double[] weights = [.. chain.Unguided().Zip(GuidedToy.Rewards, (p, r) => p * Math.Exp(r / Alpha))];
        double[] target = Array.ConvertAll(weights, weight => weight / weights.Sum());
        double Left(double[][] values, int candidates) =>
            chain.Of(values, new Svdd(candidates, Alpha)).Zip(target, (p, q) => Math.Abs(p - q)).Sum() / 2;
        double[][] exact = chain.SoftValues(GuidedToy.Rewards, Alpha), mean = chain.SoftValues(GuidedToy.Rewards, double.PositiveInfinity);
        Assert.InRange(Left(exact, 128) / Left(exact, 256), 1.9, 2.1);
        Assert.InRange(Left(exact, 1024), 0, 0.002);
        Assert.InRange(Left(mean, 1024), 0.01, 1);
    }

    [Theory, InlineData(2), InlineData(8)]
    public void Best_of_N_takes_the_highest_and_resampling_draws_in_proportion(int count)
    {
        double[] unguided = GuidedToy.Chain(Steps).Unguided();
        Assert.InRange(
            GuidedToy.ChiSquared(
                GuidedToy.Draw(GuidedToy.Guide(new Resample(count, Alpha)), Steps, Count),
                Selection.Of(unguided, GuidedToy.Rewards, count, Alpha, isGreedy: false)),
            0, Most);
        Assert.InRange(
            GuidedToy.ChiSquared(
                GuidedToy.Draw(GuidedToy.Guide(new BestOf(count)), Steps, Count),
                Selection.Of(unguided, GuidedToy.Rewards, count, Alpha, isGreedy: true)),
            0, Most);
    }

    [Fact]
    public void Without_anything_to_choose_by_the_distribution_is_that_without_guidance()
    {
        double[] unguided = GuidedToy.Chain(Steps).Unguided();
        foreach (var rule in new IRule[] { new Svdd(4, 1e9), new Resample(4, 1e9),
            new Steering(4, 1e9) })
            Assert.InRange(
                GuidedToy.ChiSquared(GuidedToy.Draw(GuidedToy.Guide(rule, new SampledValue(2)), Steps, 10_000), unguided), 0, Most);
        var constant = new AdditiveReward("constant", [1, 1, 1]);
        Assert.InRange(
            GuidedToy.ChiSquared(GuidedToy.Draw(GuidedToy.Guide(new Svdd(4, 0.5), reward: constant), Steps, 10_000), unguided), 0, Most);
    }

    [Fact]
    public void A_low_alpha_takes_the_highest_value()
    {
        double[] values = [0.3, -1, 0.9, 0.8999, 0.2];
        for (int n = 1; n < 20; n++)
        {
            double u = n / 20.0;
            Assert.Equal(
                new Svdd(5, 1, IsGreedy: true).Begin().Continue(values, isLast: false, _ => u),
                new Svdd(5, 1e-6).Begin().Continue(values, isLast: false, _ => u));
        }
    }

    [Fact]
    public void Two_particles_drawn_anew_after_every_step_draw_what_all_pairs_come_to()
    {
        var chain = GuidedToy.Chain(Steps);
        double[][] values = chain.SoftValues(GuidedToy.Rewards, Alpha);
        var (expected, _) = PairsOfParticles.Of(chain, values, GuidedToy.Rewards, Alpha);
        var rule = new Steering(2, Alpha, Threshold: 1, Draws: Resampling.Multinomial);
        Assert.InRange(
            GuidedToy.ChiSquared(GuidedToy.Draw(GuidedToy.Guide(rule, GuidedToy.Exact(Steps, Alpha)), Steps, Count), expected), 0, Most);
    }

    // Reference check 8: whatever the values, the potential, the number of candidates and when they are drawn anew.
    [Theory, MemberData(nameof(Steerings))]
    public void Mean_weights_multiply_to_an_unbiased_estimate_of_the_normaliser(Potential potential, int candidates, double threshold)
    {
        double expected = GuidedToy.Chain(Steps).Unguided().Zip(GuidedToy.Rewards, (p, r) => p * Math.Exp(r)).Sum();
        var rule = new Steering(candidates, 1, potential, Threshold: threshold);
        var drawn = GuidedToy.Draw(GuidedToy.Guide(rule, new SampledValue(2)), Steps, 5000);
        double[] estimates = [.. drawn.LogNormalisers.Select(Math.Exp)];
        double mean = estimates.Average(), error = Math.Sqrt(estimates.Sum(z => (z - mean) * (z - mean))) / estimates.Length;
        Assert.InRange(mean, expected - (4 * error), expected + (4 * error));
    }

    [Fact]
    public void Systematic_ancestors_are_each_as_many_as_their_share_rounded_up_or_down()
    {
        double[] weights = [0.1, 2.6, 0, 1.3, 1];
        for (int n = 1; n < 50; n++)
        {
            int[] ancestors = Steering.Ancestors(weights, Resampling.Systematic, _ => n / 50.0);
            Assert.True(ancestors.SequenceEqual(ancestors.Order()));
            foreach (var (p, weight) in weights.Index())
                Assert.InRange(ancestors.Count(ancestor => ancestor == p), Math.Floor(weight), Math.Ceiling(weight));
        }
    }

    // Algorithm 1 with random numbers of its own steps: samplers that remember something between steps remember it of the right candidate.
    [Fact]
    public void First_hitting_steps_are_guided_too()
    {
        // With many steps each reveal is compared by itself, as in the limit.
        double[] target = Toy.Target(Alpha);
        var rule = new Steering(32, Alpha);
        var drawn = GuidedToy.Draw(GuidedToy.Guide(rule, new SampledValue(2), new FirstHitting()), 12, 1500);
        Assert.InRange(Distance(drawn, target), 0, 0.1);
    }

    // Section 6, T3: 32 tokens of 20 symbols, token by token. Values are those of beginnings, which every step draws from.
    [Fact]
    public void Along_an_autoregressive_hyperschedule_beginnings_are_compared()
    {
        var golden = GoldenDirectory.Cases("chain_toy").First(known => known.Group == "V20");
        var (chain, reward) = ChainToy.Of(golden);
        const int Length = 32;
        int[] hidden = [.. Enumerable.Repeat(chain.TokenCount, Length)];
        var (log, tilted) = chain.Sum(chain.Weights(hidden, reward, 1));
        double unguided = reward.Expected(chain.Sum(chain.Weights(hidden, null, 1)).Marginals), aim = reward.Expected(tilted);
        var setup = new DiffusionSetup(
            new Vocabulary("chain", chain.TokenCount), new Absorbing(), new LogLinear(0), Hyperschedule.Autoregressive(Length),
            new BackboneView(Shifted: false, AttentionKind.Causal, Conditioning.Absent));
        var value = new KnownValue("exact", (beginning, _) =>
            chain.SoftValue([.. beginning, .. hidden[beginning.Length..]], reward, 1));
        Generation Draw(IRule rule, int count) =>
            new Generator(chain.Denoiser(Length), setup, new Guided(new Ancestral(), reward, rule, value), TorchSharp.torch.CPU)
                .Generate(count, RandomStream.Root(1));

        double[] ratios = [.. Draw(new Steering(8, 1), 64).LogNormalisers.Select(estimate => Math.Exp(estimate - log))];
        double mean = ratios.Average(), error = Math.Sqrt(ratios.Sum(z => (z - mean) * (z - mean))) / ratios.Length;
        Assert.InRange(mean, 1 - (4 * error), 1 + (4 * error));
        double reached = Draw(new Svdd(16, 1), 16).Sequences.Average(x => reward.Of(x));
        Assert.InRange(reached, unguided + (0.7 * (aim - unguided)), aim + (0.1 * (aim - unguided)));
    }

    private static double Distance(Generation drawn, double[] distribution)
    {
        double[] shares = new double[distribution.Length];
        foreach (int[] sequence in drawn.Sequences)
            shares[Toy.IndexOf(sequence)] += 1.0 / drawn.Sequences.Length;
        return shares.Zip(distribution, (p, q) => Math.Abs(p - q)).Sum() / 2;
    }
}
