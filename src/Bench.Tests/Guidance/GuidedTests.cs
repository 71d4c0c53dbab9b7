using Bench.Backbone;
using Bench.Data;
using Bench.Guidance;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Backbone;
using Bench.Tests.Sampling;
using Xunit;
using static TorchSharp.torch;
using Toy = Bench.Tests.Objectives.ToyDenoiser;

namespace Bench.Tests.Guidance;

/// <summary>What holds of every guided sampler, whatever it draws.</summary>
public sealed class GuidedTests
{
    private const int Length = 4, Count = 5;

    // Any function of the tokens.
    private static readonly AdditiveReward Weighed = new("weighed", [0.3, -0.7, 1.1], [1, 0.5, -1.5, 2]);

    public static TheoryData<int, string> Samplers()
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, sampler) in EverySampler.All.Index())
            data.Add(index, sampler.Name);
        return data;
    }

    // Reference checks 5: the first candidate draws what is drawn without guidance, and a rule that takes the first changes nothing.
    [Theory, MemberData(nameof(Samplers))]
    public void One_candidate_or_a_constant_reward_that_takes_the_first_changes_no_token(int index, string name)
    {
        var sampler = EverySampler.All[index];
        var constant = new AdditiveReward("constant", [0, 0, 0]);
        foreach (var setup in EverySampler.Setups(sampler, Length))
        {
            int[][] unguided = Draw(sampler, setup).Sequences;
            foreach (ISampler guided in new ISampler[]
            {
                new Guided(sampler, Weighed, new Svdd(1, 0.5), Flat), new Guided(sampler, Weighed, new BestOf(1), Flat),
                new Guided(sampler, constant, new Svdd(3, 0.5, IsGreedy: true), Flat), new Guided(sampler, constant, new BestOf(3), Flat),
                new Guided(sampler, constant, new Svdd(3, 0.5, IsGreedy: true), new ArgmaxValue()),
            }.Where(guided => guided.Misfit(setup) is null))
                Assert.True(unguided.SelectMany(x => x).SequenceEqual(Draw(guided, setup).Sequences.SelectMany(x => x)),
                    $"{name} along {setup.Hyperschedule.Name}, {setup.Process.Name}: {guided.Name}");
        }
    }

    // Reference check 14: results do not depend on batch mates; nor on how many are generated at once.
    [Theory, MemberData(nameof(Samplers))]
    public void A_guided_sequence_depends_on_the_stream_and_its_number_alone(int index, string name)
    {
        var sampler = EverySampler.All[index];
        foreach (var setup in EverySampler.Setups(sampler, Length))
        {
            foreach (ISampler guided in new ISampler[]
            {
                new Guided(sampler, Weighed, new Svdd(3, 0.5), new SampledValue(2)),
                new Guided(sampler, Weighed, new Steering(3, 0.5), Flat),
            }.Where(guided => guided.Misfit(setup) is null))
            {
                int[][] together = Draw(guided, setup).Sequences;
                var parts = new Generator(new Toy(), setup, guided, CPU) { Budget = 1 }.Generate(Count, RandomStream.Root(1));
                int[][] last = new Generator(new Toy(), setup, guided, CPU).Generate(2, RandomStream.Root(1), first: Count - 2).Sequences;
                Assert.Equal(together, parts.Sequences);
                Assert.True(together[^2..].SelectMany(x => x).SequenceEqual(last.SelectMany(x => x)), $"{name}: {guided.Name}");
            }
        }
    }

    [Fact]
    public void Kept_keys_and_values_follow_their_candidates()
    {
        var shape = TinyNetwork.Conditioned;
        using var network = new Ddit(shape, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2));
        var reward = new AdditiveReward("any", [0.5, -1, 2, 0.25, -0.3]);
        foreach (var path in new[] { Hyperschedule.Block(8, 2, 3), Hyperschedule.Autoregressive(8), Hyperschedule.Slide(8, 3, 1) })
        {
            var setup = new DiffusionSetup(
                new Vocabulary("tiny", 5), new Absorbing(), new LogLinear(1e-3), path,
                new Bench.Attention.BackboneView(Shifted: false, Bench.Attention.AttentionKind.Full, Bench.Attention.Conditioning.Sigma));
            foreach (IRule rule in new IRule[] { new Svdd(4, 0.5), new Steering(4, 0.5), new BestOf(4) })
            {
                var cached = new Generator(network, setup, new Guided(new Ancestral(), reward, rule, new SampledValue(2)), CPU);
                Assert.True(cached.KeepsKeys);
                var drawn = cached.Generate(6, RandomStream.Root(3));
                Assert.Equal((cached with { Caches = false }).Generate(6, RandomStream.Root(3)).Sequences, drawn.Sequences);
                Assert.True(drawn.CacheBytes > 0);
            }
        }
    }

    [Fact]
    public void Counted_rows_and_rewards_are_those_that_were_computed()
    {
        foreach (IRule rule in new IRule[] { new Svdd(4, 0.5), new Steering(4, 0.5), new BestOf(4), new Svdd(4, 0.5, IsGreedy: true) })
        {
            var (network, reward) = (new CountingDenoiser(), new CountingReward());
            var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(Length, 6));
            var drawn = new Generator(network, setup, new Guided(new Ancestral(), reward, rule, new SampledValue(3)), CPU)
                .Generate(Count, RandomStream.Root(1));
            Assert.Equal((network.Rows, reward.Calls), (drawn.NetworkRows, drawn.RewardCalls));
        }
    }

    // Section 1: M rows a step and not M + 1, since the winner's prediction is the next proposal; the first and the last step less.
    [Fact]
    public void A_value_takes_M_rows_a_step_of_which_the_next_step_draws()
    {
        const int Candidates = 4, Steps = 6;
        var setup = EverySampler.Setup(new Uniform(), Hyperschedule.Flat(Length, Steps));
        var guided = new Guided(new Ancestral(), Weighed, new Svdd(Candidates, 0.5), new ArgmaxValue());
        long rows = Draw(guided, setup).NetworkRows;
        // Starts are candidates too, where they differ.
        Assert.InRange(rows, 1, Count * Candidates * Steps);

        // Along many short steps most candidates do not move, and nothing is asked or computed for them.
        var many = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(Length, 64), conditioned: false);
        var drawn = Draw(guided, many);
        Assert.InRange(drawn.NetworkRows, 1, Count * ((3 * Candidates * Length) + 1));
        Assert.InRange(drawn.RewardCalls, 1, Count * 3 * Candidates * Length);
    }

    [Fact]
    public void A_reward_that_is_no_number_ends_generation_with_its_name_and_the_tokens()
    {
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(Length, 3));
        var broken = new AdditiveReward("broken", [double.NaN, double.NaN, double.NaN]);
        var failure = Assert.Throws<SuiteException>(() => Draw(new Guided(new Ancestral(), broken, new BestOf(2), Flat), setup));
        Assert.Contains("the reward broken of the tokens", failure.Message, StringComparison.Ordinal);
        Assert.Contains("NaN", failure.Message, StringComparison.Ordinal);
        Assert.Contains("name another", failure.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_guided_is_refused_with_the_reason()
    {
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Flat(Length, 3));
        ISampler relaxed = new Guided(new Ancestral(), new CountingReward(), new Svdd(2, 1), new RelaxedValue());
        Assert.Contains("linear in each token, which counting is not", relaxed.Misfit(setup), StringComparison.Ordinal);
        var scores = new Guided(new Euler(ScaledBySigma: false), Weighed, new Svdd(2, 1), new ArgmaxValue());
        Assert.Contains("takes distributions of the clean token, but the network outputs scores", ((ISampler)scores).Misfit(setup),
            StringComparison.Ordinal);
        Assert.Null(((ISampler)(scores with { Rule = new BestOf(2) })).Misfit(setup));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Svdd(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Svdd(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Steering(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Resample(0, 1));
    }

    private static readonly KnownValue Flat = new("flat", (_, _) => 0);

    private static Generation Draw(ISampler sampler, DiffusionSetup setup) =>
        new Generator(new Toy(), setup, sampler, CPU).Generate(Count, RandomStream.Root(1));

    private sealed class CountingDenoiser : IDenoiser
    {
        private readonly Toy toy = new();

        public long Rows { get; private set; }

        public Tensor Logits(DenoiserInput input)
        {
            Rows += input.Tokens.size(0);
            return toy.Logits(input);
        }
    }

    private sealed class CountingReward : IReward
    {
        public string Name => "counting";

        public long Calls { get; private set; }

        public double Of(ReadOnlySpan<int> tokens)
        {
            Calls++;
            return Weighed.Of(tokens);
        }
    }
}
