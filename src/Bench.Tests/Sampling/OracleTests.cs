using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>
/// With the exact distribution of each clean token given the others, samplers draw from the joint distribution: exactly where tokens are
/// independent, in the limit of short steps where they are not.
/// </summary>
public sealed class OracleTests
{
    // Two tokens, two positions that depend on each other.
    private static readonly double[] Joint = [0.4, 0.1, 0.15, 0.35];

    private static readonly INoiseProcess[] Processes = [new Absorbing(), new Uniform(), new GammaHybrid(0.3), new EpsilonHybrid(0.2),
        new Gidd(0.3), new ConstantMix(0.3), new Scdd(0.3)];

    public static TheoryData<int, string> Noises()
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, process) in Processes.Index())
            data.Add(index, process.Name);
        return data;
    }

    [Theory, MemberData(nameof(Noises))]
    public void Ancestral_steps_approach_the_joint_distribution_as_they_get_shorter(int noise, string name)
    {
        double[] distances = [.. new[] { 16, 64, 256 }.Select(
            depth => ExactDenoiser.Distance(Limit(Processes[noise]), Distribution(new Ancestral(), Processes[noise], depth)))];
        // Faster than the square root of the steps; GIDD's rates are infinite at both ends, and no faster.
        Assert.True(distances[2] < 0.006 && distances[1] < 0.5 * distances[0] && distances[2] < 0.5 * distances[1],
            $"{name}: {string.Join(", ", distances)}");
    }

    [Fact]
    public void Correctors_that_correct_less_in_shorter_steps_approach_the_joint_distribution()
    {
        foreach (var sampler in new Func<int, ITokenwise>[] { _ => new ForwardBackward(), depth => new ReMdm(1.0 / depth),
            depth => new ReMdmRescale(1.0 / depth), depth => new Psi(1 - (1.0 / depth)) })
            Assert.InRange(Distance(sampler(256), new Absorbing(), 256), 0, 0.01);
        foreach (var process in new INoiseProcess[] { new Uniform(), new GammaHybrid(0.3) })
            Assert.InRange(Distance(new Psi(1 - (1.0 / 256)), process, 256), 0, 0.01);
    }

    [Theory, MemberData(nameof(Noises))]
    public void Independent_tokens_are_exact_along_every_path_each_with_a_step_of_its_own(int noise, string name)
    {
        double[][] distributions = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.25, 0.25, 0.5]];
        double[] joint = [.. AllStrings.Of(3, 3).Select(x => x.Select((token, i) => distributions[i][token]).Aggregate((p, q) => p * q))];
        foreach (var hyperschedule in new[]
        {
            Hyperschedule.Flat(3, 2), Hyperschedule.Slide(3, 3, 1), Hyperschedule.BlockSlide(3, 2, 2), Hyperschedule.Ramp(3, 2, 1, 2),
            Hyperschedule.FromTable([[3, 3, 3], [1, 3, 3], [1, 2, 3], [0, 2, 1], [0, 0, 0]]),
        })
            Close.Assert(joint,
                ExactDenoiser.Of(new Ancestral(), new FixedDenoiser(distributions),
                    new DiffusionSetup(new Vocabulary("three", 3), Processes[noise], new LogLinear(0), hyperschedule, View)), 1e-12,
                    $"{name} along {hyperschedule.Name}");
    }

    [Fact]
    public void Token_by_token_the_joint_distribution_is_exact()
    {
        var setup = Setup(new Absorbing(), Hyperschedule.Autoregressive(2));
        Close.Assert(Joint, ExactDenoiser.Of(new Ancestral(), new LeftToRight(), setup), 1e-12);
    }

    private static readonly BackboneView View = new(Shifted: false, AttentionKind.Full, Conditioning.Sigma);

    private static DiffusionSetup Setup(INoiseProcess process, Hyperschedule hyperschedule) =>
        new(new Vocabulary("two", 2), process, new LogLinear(0), hyperschedule, View);

    private static double[] Distribution(ITokenwise sampler, INoiseProcess process, int depth) =>
        ExactDenoiser.Of(sampler, new TimedOracle(process), Setup(process, Hyperschedule.Flat(2, depth)));

    private static double Distance(ITokenwise sampler, INoiseProcess process, int depth) =>
        ExactDenoiser.Distance(Joint, Distribution(sampler, process, depth));

    // The joint distribution, where σ = 0 is clean. Otherwise the last move draws all tokens at once, however short the others are: Σ_z
    // q_0(z) Π_i p(x_i | z).
    private static double[] Limit(INoiseProcess process)
    {
        var noise = process.At(0);
        long[][] all = AllStrings.Of(2, 2);
        double Corrupted(long[] z, long[] x) => noise.Probability((int)z[0], (int)x[0], 2) * noise.Probability((int)z[1], (int)x[1], 2);
        double Together(long[] z, Func<long[], bool> where) =>
            all.Index().Where(entry => where(entry.Item)).Sum(entry => Joint[entry.Index] * Corrupted(z, entry.Item));
        return [.. all.Select(x => all.Select(z => (z, Total: Together(z, _ => true))).Where(entry => entry.Total > 0)
            .Sum(entry => Together(entry.z, y => y[0] == x[0]) * Together(entry.z, y => y[1] == x[1]) / entry.Total))];
    }

    // p(x_0), and p(x_1 | x_0).
    private sealed class LeftToRight() : SequenceDenoiser(2)
    {
        protected override double[] Answer(int position, long[] seen) =>
            [.. Enumerable.Range(0, 2)
                .Select(token => Math.Log(position == 0 ? Joint[2 * token] + Joint[(2 * token) + 1] : Joint[(2 * seen[0]) + token]))];
    }

    // The exact distribution of each clean token given the others, at the given noise.
    private sealed class TimedOracle(INoiseProcess process) : IDenoiser
    {
        public Tensor Logits(DenoiserInput asked) => new JointOracle(2, Joint, process.At(asked.Sigma!.data<double>()[0])).Logits(asked);
    }
}
