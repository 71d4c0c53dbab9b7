using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Sampling;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>The bound of a model against the probabilities that its own sampler gives, both enumerated.</summary>
public sealed class BoundTests
{
    private const int Length = 3;

    private static readonly Vocabulary Vocabulary = new("toy", ToyDenoiser.TokenCount);
    private static readonly long[][] Texts = [[0, 2, 1], [1, 1, 1], [2, 0, 0], [0, 0, 2]];

    private static readonly (string Name, Hyperschedule Path)[] Paths =
    [
        ("flat, 1 step", Hyperschedule.Flat(Length, 1)),
        ("flat, 3 steps", Hyperschedule.Flat(Length, 3)),
        ("blocks of 2, 2 steps", Hyperschedule.Block(Length, 2, 2)),
        ("slide over 2", Hyperschedule.Slide(Length, 2, 1)),
        ("block-slide", Hyperschedule.BlockSlide(Length, 2, 2)),
        ("table", Hyperschedule.FromTable([[3, 3, 3], [1, 3, 3], [1, 2, 3], [0, 2, 1], [0, 0, 0]])),
        ("autoregressive", Hyperschedule.Autoregressive(Length)),
    ];

    private static readonly (INoiseProcess Process, INoiseSchedule Schedule)[] Noises =
    [
        (new Absorbing(), new LogLinear(0)),
        (new Uniform(), new LogLinear(0)),
        (new Uniform(), new LogLinear(0.1)),
        (new GammaHybrid(0.3), new LogLinear(0)),
        (new GammaHybrid(0.3), new LogLinear(0.1)),
        (new EpsilonHybrid(0.2), new LogLinear(0)),
        (new Gidd(0.3), new LogLinear(0)),
        (new Scdd(0.3), new LogLinear(0)),
        (new ConstantMix(0.4), new Cosine(1, 0)),
    ];

    public static TheoryData<int, int, string> Cases()
    {
        var data = new TheoryData<int, int, string>();
        foreach (var (noise, (process, _)) in Noises.Index())
        {
            foreach (var (path, (name, _)) in Paths.Index())
                data.Add(noise, path, $"{process.Name} along {name}");
        }

        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Completions_of_a_given_part_do_not_exceed_the_bound(int noise, int path, string name)
    {
        var setup = Setup(noise, path);
        var network = new ToyDenoiserOf(Length);
        foreach (bool[] given in new[] { new[] { true, false, false }, [false, true, false], [true, false, true] })
        {
            long[] x = [0, 2, 1];
            double[] distribution =
                ExactDenoiser.Of(new Ancestral(), network, setup, [.. x.Select((token, i) => given[i] ? (int?)token : null)]);
            Close.Assert(1, distribution.Sum(), 1e-12, name);
            double truth = -Math.Log(distribution[(x[0] * 9) + (x[1] * 3) + x[2]]), bound = ExactBound.InSteps(network, setup, x, given);
            if (new Nelbo(setup, Continuous: false).IsExact)
                Close.Assert(truth, bound, 1e-12, name);
            else
                Assert.InRange(bound, truth - 1e-12, truth + 4);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void No_sequence_exceeds_the_bound(int noise, int path, string name)
    {
        var setup = Setup(noise, path);
        var network = new ToyDenoiserOf(Length);
        double[] distribution = ExactDenoiser.Of(new Ancestral(), network, setup);
        Close.Assert(1, distribution.Sum(), 1e-12, name);
        bool exact = new Nelbo(setup, Continuous: false).IsExact;
        Assert.Equal(setup.Hyperschedule.Depth == 1 && setup.At(1).Mask == 1, exact);
        foreach (long[] x in Texts)
        {
            double truth = -Math.Log(distribution[(x[0] * 9) + (x[1] * 3) + x[2]]), bound = ExactBound.InSteps(network, setup, x);
            if (exact)
                Close.Assert(truth, bound, 1e-12, name);
            else
                Assert.InRange(bound, truth - 1e-12, truth + 4);
        }
    }

    private static DiffusionSetup Setup(int noise, int path) => new(
        Vocabulary,
        Noises[noise].Process,
        Noises[noise].Schedule,
        Paths[path].Path,
        new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
