using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Sampling;

/// <summary>Samplers that replace tokens: HDLM's adaptive correction in its two forms, and GIDD's self-correction.</summary>
public sealed class CorrectionTests
{
    private static readonly double[] Sure = [0.96, 0.02, 0.02];

    [Fact]
    public void A_token_is_resampled_from_a_network_that_was_trained_on_two_classes()
    {
        // ε-hybrid: q(x_t | y) = (1 − ε)[y = x_t] + ε/N of tokens; correct tokens weigh ε in training and replaced ones 1 − ε, so that both
        // classes weigh the same.
        var moment = Moment(new EpsilonHybrid(0.3), token: 1);
        double[] distribution = [.. Sure, 0];
        new AdaptiveCorrection(0.5).Weigh(distribution, moment, DecodingOptions.AsPredicted);
        double[] expected = [0.96 * 0.1 * 0.7, 0.02 * (0.7 + 0.1) * 0.3, 0.02 * 0.1 * 0.7, 0];
        Golden.Close.Assert([.. expected.Select(p => p / expected.Sum())], distribution, 1e-12);
    }

    [Fact]
    public void It_is_drawn_anew_at_the_rate_at_which_masks_stay()
    {
        var moment = Moment(new EpsilonHybrid(0.3), token: 1);
        Assert.Equal(0.25 * moment.S.Mask / moment.T.Mask, new AdaptiveCorrection(0.25).ProbabilitiesOf(moment).Drawn, 1e-15);
        Assert.Equal(0, AdaptiveCorrection.Rate(0.25, moment with { S = Marginal.Clean }));
        // Tokens that the ancestral step may replace are always drawn, from a mixture.
        var gamma = Moment(new GammaHybrid(0.3), token: 1);
        Assert.Equal(1, new AdaptiveCorrection(0.25).ProbabilitiesOf(gamma).Drawn);
        double[] mixed = [.. Sure, 0], ancestral = [.. Sure, 0], anew = [.. Sure, 0];
        new AdaptiveCorrection(0.25).Weigh(mixed, gamma, DecodingOptions.AsPredicted);
        new Ancestral().Weigh(ancestral, gamma, DecodingOptions.AsPredicted);
        AdaptiveCorrection.Redraw(anew, gamma, DecodingOptions.AsPredicted);
        double rate = AdaptiveCorrection.Rate(0.25, gamma);
        Golden.Close.Assert([.. anew.Zip(ancestral, (p, q) => (rate * p) + ((1 - rate) * q / ancestral.Sum()))], mixed, 1e-12);
    }

    [Fact]
    public void Least_confident_first_corrects_more_than_random_tokens_do()
    {
        // A little noise is left in what is revealed; tokens to which a confident network gives a low probability are the wrong ones.
        var setup = Setup(new EpsilonHybrid(0.3), Hyperschedule.Flat(8, 12));
        double Wrong(ISampler sampler)
        {
            double wrong = 0;
            var generator = new Generator(new FixedDenoiser(Sure), setup, sampler,
                CPU) { Watch = (state, step) => wrong = step == 10 ? state.Tokens.Count(token => token is 1 or 2) : wrong };
            generator.Generate(300, RandomStream.Root(3));
            return wrong;
        }

        double none = Wrong(new Ancestral()), random = Wrong(new AdaptiveCorrection(0.3)), least = Wrong(new LeastConfidentCorrection(0.3));
        Assert.True(least < 0.7 * random && random < 0.9 * none, $"{none}, {random}, {least}");
    }

    [Fact]
    public void Both_forms_look_at_the_expected_number_of_tokens()
    {
        // A network with probability 1 for another token at every position: each correction changes its token, and can be counted.
        double Changes(ISampler sampler)
        {
            int changes = 0;
            long[] before = [];
            var generator = new Generator(new Contrary(), Setup(new EpsilonHybrid(0.9), Hyperschedule.Flat(8, 12)), sampler, CPU)
            {
                Watch = (state, step) =>
                {
                    changes += step == 11 ? 0 : before.Where((token, at) => token != 3 && state.Tokens[at] != token).Count();
                    before = [.. state.Tokens];
                },
            };
            generator.Generate(300, RandomStream.Root(3));
            return changes / 300.0;
        }

        double random = Changes(new AdaptiveCorrection(0.3)), least = Changes(new LeastConfidentCorrection(0.3));
        double expected = Enumerable.Range(0, 11).Sum(step => 8 * step / 12.0 * 0.3 * (11 - step) / (12 - step));
        // Per sequence a variance of at most twice the mean: five standard errors, one false alarm in a million.
        Assert.Equal(expected, random, 5 * Math.Sqrt(2 * expected / 300));
        Assert.Equal(expected, least, 5 * Math.Sqrt(2 * expected / 300));
    }

    [Fact]
    public void Corrections_are_refused_where_there_is_nothing_to_correct()
    {
        foreach (var sampler in new ISampler[] { new AdaptiveCorrection(0.1), new LeastConfidentCorrection(0.1) })
        {
            Assert.Contains("always right", sampler.Refuses(Setup(new Absorbing(), Hyperschedule.Flat(4, 4))));
            Assert.Contains("masks nothing", sampler.Refuses(Setup(new Uniform(), Hyperschedule.Flat(4, 4))));
            Assert.Contains("mask tokens again", sampler.Refuses(Setup(new Gidd(0.1), Hyperschedule.Flat(4, 4))));
            Assert.Null(sampler.Refuses(Setup(new GammaHybrid(0.1), Hyperschedule.Slide(4, 2, 1))));
        }

        var self = new SelfCorrection(new Ancestral());
        Assert.Contains("never seen a replaced token", self.Refuses(Setup(new Absorbing(), Hyperschedule.Flat(4, 4))));
        Assert.Contains("settle before others", self.Refuses(Setup(new Gidd(0.1), Hyperschedule.Block(4, 2, 2))));
        Assert.Equal(new ReMdm(0.1).Refuses(Setup(new Gidd(0.1), Hyperschedule.Flat(4, 4))),
            (self with { Inner = new ReMdm(0.1) }).Refuses(Setup(new Gidd(0.1), Hyperschedule.Flat(4, 4))));
    }

    [Fact]
    public void Self_correction_ends_where_the_network_agrees()
    {
        // One step makes sequences of the distribution; a network with probability 1 for token 0 everywhere corrects one token a step.
        var setup = Setup(new Gidd(0.3), Hyperschedule.Flat(6, 1));
        var network = new FixedDenoiser([0.6, 0.2, 0.2]);
        var (plain, mended) = (new Ancestral().Generate(network, setup, 40, RandomStream.Root(2)),
            new SelfCorrection(new Ancestral()).Generate(network, setup, 40, RandomStream.Root(2)));
        Assert.Contains(plain.Sequences, sequence => sequence.Any(token => token != 0));
        Assert.All(mended.Sequences, sequence => Assert.All(sequence, token => Assert.Equal(0, token)));
        int worst = plain.Sequences.Max(sequence => sequence.Count(token => token != 0));
        Assert.Equal(1 + worst + 1, mended.NetworkCalls); // the last one finds that nothing differs
    }

    [Fact]
    public void Self_correction_gives_up_without_progress_and_at_its_bound()
    {
        var setup = Setup(new Gidd(0.3), Hyperschedule.Flat(6, 1));
        int Calls(SelfCorrection sampler) => sampler.Generate(new Contrary(), setup, 3, RandomStream.Root(2)).NetworkCalls - 1;
        // The network never agrees with anything: its first look is the best one, and 4 more do not help.
        Assert.Equal(1 + 4, Calls(new SelfCorrection(new Ancestral(), Patience: 4)));
        Assert.Equal(2, Calls(new SelfCorrection(new Ancestral(), Patience: 4, Most: 2)));
    }

    private static DiffusionSetup Setup(INoiseProcess process, Hyperschedule hyperschedule) => new(
        new Vocabulary("toy", ToyDenoiser.TokenCount), process, new LogLinear(0), hyperschedule,
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));

    private static TokenState Moment(INoiseProcess process, int token) =>
        new(Setup(process, Hyperschedule.Flat(3, 4)), 1, token, process.At(0.4), process.At(1));

    // Gives probability 1 to the successor of the token at a position.
    private sealed class Contrary() : SequenceDenoiser(ToyDenoiser.TokenCount)
    {
        protected override double[] Answer(int position, long[] seen) =>
            [.. Enumerable.Range(0, 3).Select(token => seen[position] < 3 && token == (seen[position] + 1) % 3 ? 60.0 : 0)];
    }
}
