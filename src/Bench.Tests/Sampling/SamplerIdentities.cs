using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Identities of every sampler, found by reflection: a new one is tested without being listed.</summary>
public sealed class SamplerIdentities
{
    public static TheoryData<int, string> Samplers() => Data(EverySampler.All.Index());

    public static TheoryData<int, string> SamplersOfMasks() =>
        Data(
            EverySampler.All.Index()
                .Where(entry => entry.Item.Refuses(EverySampler.Setup(new Absorbing(), Hyperschedule.Autoregressive(4))) is null));

    [Theory, MemberData(nameof(Samplers))]
    public void Samples_are_tokens_and_do_not_depend_on_how_many_are_drawn(int index, string name)
    {
        var sampler = EverySampler.All[index];
        DiffusionSetup[] setups = [.. EverySampler.Setups(sampler, 4)];
        Assert.True(setups.Length > 0, $"{name} refuses everything");
        foreach (var setup in setups)
        {
            int[][] Draw(int count) => sampler.Generate(new ToyDenoiser(), setup, count, RandomStream.Root(2)).Sequences;
            int[][] many = Draw(12);
            Assert.All(many, sequence => Assert.All(sequence, token => Assert.InRange(token, 0, ToyDenoiser.TokenCount - 1)));
            Assert.Equal(many[..5], Draw(5));
            Assert.True(many.Select(sequence => string.Join(' ', sequence)).Distinct().Count() > 1, "all samples are the same");
        }
    }

    [Theory, MemberData(nameof(Samplers))]
    public void Given_tokens_stay(int index, string name)
    {
        int ways = 0;
        foreach (var setup in EverySampler.Setups(EverySampler.All[index], 4))
        {
            var generator =
                new Generator(new ToyDenoiser(), setup, EverySampler.All[index], CPU) { Prompt = Prompt.Of([null, 1, null, 2]) };
            int[][] sequences = generator.Generate(20, RandomStream.Root(3)).Sequences;
            Assert.All(sequences, sequence => Assert.Equal((1, 2), (sequence[1], sequence[3])));
            ways = Math.Max(ways, sequences.Select(sequence => (sequence[0], sequence[2])).Distinct().Count());
            generator = generator with { Prompt = Prompt.Of([2, 1, 0, 2]) };
            Assert.Equal([2, 1, 0, 2], generator.Generate(1, RandomStream.Root(3)).Sequences[0]);
        }

        Assert.True(ways > 1, $"{name} fills gaps in one way only");
    }

    [Theory, MemberData(nameof(SamplersOfMasks))]
    public void At_temperature_zero_tokens_that_come_one_by_one_are_the_most_probable_ones(int index, string name)
    {
        var setup = EverySampler.Setup(new Absorbing(), Hyperschedule.Autoregressive(4));
        long[] expected = [];
        for (int i = 0; i < 4; i++)
            expected = [.. expected,
                Enumerable.Range(0, ToyDenoiser.TokenCount)
                    .MinBy(token => ToyDenoiser.Nats(i, token, [.. expected, ToyDenoiser.TokenCount]))];
        var generator =
            new Generator(new ToyDenoiser(), setup, EverySampler.All[index], CPU) { Decoding = new DecodingOptions(Temperature: 0) };
        Assert.NotEmpty(name);
        Assert.All(generator.Generate(10, RandomStream.Root(4)).Sequences,
            sequence => Assert.Equal(expected, Array.ConvertAll(sequence, token => (long)token)));
    }

    [Theory, MemberData(nameof(Samplers))]
    public void A_sampler_reads_the_output_that_it_declares(int index, string name)
    {
        var sampler = EverySampler.All[index];
        DiffusionSetup[] setups = [.. EverySampler.Setups(sampler, 4)];
        // CleanDistribution stay the same when a number is added to all logits, scores do not; and only of one kind of output is the mask a
        // part.
        Assert.True(Notices(tokens: -2, mask: -2) == (sampler.Reads == NetworkOutput.Scores),
            $"{name} does not read {sampler.Reads}, by their size");
        Assert.True(Notices(tokens: 0, mask: 2) == (sampler.Reads == NetworkOutput.CleanDistributionWithMask),
            $"{name} does not read {sampler.Reads}, by their mask");

        bool Notices(double tokens, double mask) => setups.Any(setup => Draw(setup, 0, 0) != Draw(setup, tokens, mask));
        string Draw(DiffusionSetup setup, double tokens, double mask) => string.Join(
            '/', sampler.Generate(new Offset(new ToyDenoiser(), tokens, mask), setup, 12, RandomStream.Root(2)).Sequences.Select(
                sequence => string.Join(' ', sequence)));
    }

    [Fact]
    public void No_two_samplers_share_a_name()
    {
        // Whether a network's outputs are scaled is a property of the network.
        var named =
            EverySampler.All.Where(sampler => sampler is not (Analytic { ScaledBySigma: true } or Euler { ScaledBySigma: true })).ToArray();
        Assert.Equal(named.Length, named.Select(sampler => sampler.Name).Distinct(StringComparer.Ordinal).Count());
    }

    private static TheoryData<int, string> Data(IEnumerable<(int Index, ISampler Item)> samplers)
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, sampler) in samplers)
            data.Add(index, sampler.Name);
        return data;
    }
}
