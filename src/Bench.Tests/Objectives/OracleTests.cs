using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>The continuous-time bound of the exact prediction is −ln p(x), for any noise.</summary>
public sealed class OracleTests
{
    private static readonly double[] One = [0.10, 0.20, 0.30, 0.25, 0.15];
    private static readonly double[] Two = [0.20, 0.02, 0.08, 0.05, 0.15, 0.10, 0.01, 0.24, 0.15]; // dependent

    public static TheoryData<INoiseProcess> Processes() =>
        [new Absorbing(), new Uniform(), new GammaHybrid(0.1), new GammaHybrid(0.6), new ConstantMix(0.4), new Gidd(0.2), new Gidd(0.2, 2),
            new Scdd(0.2), new Scdd(0.2, 2)];

    [Theory, MemberData(nameof(Processes))]
    public void One_token_costs_its_negative_log_likelihood(INoiseProcess process)
    {
        for (int x = 0; x < 5; x++)
            Close.Assert(-Math.Log(One[x]), Nats(process, One, 5, [x]), 1e-5);
    }

    [Theory, MemberData(nameof(Processes))]
    public void Two_tokens_cost_their_joint_negative_log_likelihood(INoiseProcess process)
    {
        foreach (var (n, x) in AllStrings.Of(3, 2).Index())
            Close.Assert(-Math.Log(Two[n]), Nats(process, Two, 3, x), 1e-5);
    }

    // Values from elsewhere for the token of probability 0.2.
    [Theory, InlineData(false, 2.374), InlineData(true, 2.160)]
    public void With_the_full_posterior_it_is_not(bool gidd, double expected) =>
        Close.Assert(expected, Nats(gidd ? new Gidd(0.2) : new Uniform(), One, 5, [1], leavesOutOwn: false), 1e-3);

    [Fact]
    public void The_epsilon_hybrid_owes_the_step_to_clean_tokens()
    {
        var process = new EpsilonHybrid(0.3);
        for (int x = 0; x < 5; x++)
        {
            double without = Nats(process, One, 5, [x]);
            Close.Assert(-Math.Log(One[x]), without + LastStep(process, new LogLinear(0), One, 5, [x]), 1e-5);
            Assert.True(without < -Math.Log(One[x]) - 0.01);
        }
    }

    [Fact]
    public void A_schedule_that_begins_above_0_owes_it_too()
    {
        foreach (var (process, schedule) in new (INoiseProcess, INoiseSchedule)[] { (new Uniform(), new Geometric(0.3, 40)),
            (new Absorbing(), new LogUniform(0.3, 1)) })
            Close.Assert(-Math.Log(One[1]), Nats(process, One, 5, [1], schedule: schedule) + LastStep(process, schedule, One, 5, [1]),
                1e-5);
    }

    [Fact]
    public void Of_several_tokens_the_last_step_cannot_see_how_they_depend()
    {
        var process = new EpsilonHybrid(0.3);
        double bound = 0, entropy = 0;
        foreach (var (n, x) in AllStrings.Of(3, 2).Index())
        {
            bound += Two[n] * (Nats(process, Two, 3, x) + LastStep(process, new LogLinear(0), Two, 3, x));
            entropy -= Two[n] * Math.Log(Two[n]);
        }

        // It costs the dependence that is left between the tokens once their noisy values are known.
        Close.Assert(entropy + TotalCorrelation(process.At(0)), bound, 1e-5);
        Assert.True(TotalCorrelation(process.At(0)) > 0.01);
    }

    // Two tokens, three positions, dependent: each set of them in turn is given, and the rest costs −ln p(rest | given).
    [Theory, MemberData(nameof(Processes))]
    public void Given_tokens_cost_nothing_and_the_rest_their_conditional_negative_log_likelihood(INoiseProcess process)
    {
        double[] joint = [0.22, 0.03, 0.05, 0.2, 0.02, 0.18, 0.16, 0.14];
        long[] x = [1, 0, 1];
        for (int set = 0; set < 8; set++)
        {
            bool[] given = [(set & 4) != 0, (set & 2) != 0, (set & 1) != 0];
            double condition = AllStrings.Of(2, 3).Zip(joint)
                .Where(y => y.First.Zip(x, given).All(at => !at.Third || at.First == at.Second)).Sum(y => y.Second);
            double nats = Nats(process, joint, 2, x, given: given);
            Close.Assert(-Math.Log(joint[5] / condition), nats, 1e-5, $"given {string.Join(' ', given)}");
        }
    }

    [Fact]
    public void The_epsilon_hybrid_owes_the_step_to_clean_tokens_for_what_is_not_given()
    {
        var process = new EpsilonHybrid(0.3);
        foreach (var (n, x) in AllStrings.Of(3, 2).Index())
        {
            double nats = Nats(process, Two, 3, x, given: [true, false]) + LastStep(process, new LogLinear(0), Two, 3, x, [true, false]);
            Close.Assert(-Math.Log(Two[n] / Two.AsSpan((int)x[0] * 3, 3).ToArray().Sum()), nats, 1e-5);
        }
    }

    private static double TotalCorrelation(Marginal noise)
    {
        double sum = 0;
        foreach (long[] z in AllStrings.Of(3, 2))
        {
            double[] both = [.. AllStrings.Of(3, 2)
                .Select((x, n) => Two[n] * noise.Probability((int)z[0], (int)x[0], 3) * noise.Probability((int)z[1], (int)x[1], 3))];
            double all = both.Sum();
            for (int n = 0; n < 9; n++)
            {
                double first = Enumerable.Range(0, 3).Sum(k => both[(n / 3 * 3) + k]),
                    second = Enumerable.Range(0, 3).Sum(k => both[(k * 3) + (n % 3)]);
                sum += both[n] * Math.Log(both[n] * all / (first * second));
            }
        }

        return sum;
    }

    // ∫ over t by the double exponential rule, which tolerates singularities at the ends.
    private static double Nats(
        INoiseProcess process,
        double[] joint,
        int tokenCount,
        long[] x,
        bool leavesOutOwn = true,
        INoiseSchedule? schedule = null,
        bool[]? given = null)
    {
        var setup = Setup(process, schedule ?? new LogLinear(0), tokenCount, x.Length);
        const double h = 0.1, end = 2.9;
        double sum = 0;
        for (double u = -end; u <= end + 1e-9; u += h)
        {
            double t = 1 / (1 + Math.Exp(-Math.PI * Math.Sinh(u)));
            double weight = h * Math.PI * Math.Cosh(u) * t / (1 + Math.Exp(Math.PI * Math.Sinh(u))); // h dt/du
            var draw = new LevelDraw([.. new int[x.Length]], [.. Enumerable.Repeat(t, x.Length)], null, 1);
            var oracle = new JointOracle(tokenCount, joint, setup.At(t), leavesOutOwn, given);
            sum += weight * ExactBound.At(new Nelbo(setup, Continuous: true).Of, oracle, setup, x, draw, given: given);
        }

        return sum + (x.Where((_, i) => given?[i] != true).Count() * new Nelbo(setup, Continuous: true).Constants.Prior);
    }

    private static double LastStep(
        INoiseProcess process, INoiseSchedule schedule, double[] joint, int tokenCount, long[] x, bool[]? given = null)
    {
        var setup = Setup(process, schedule, tokenCount, x.Length);
        var left = process.At(schedule.Sigma(0));
        var step = Assert.IsType<LastStep>(new Nelbo(setup, Continuous: true).Reconstruction);
        return ExactBound.At(step.Of, new JointOracle(tokenCount, joint, left, given: given), setup, x, step.Ends(), left, given);
    }

    private static DiffusionSetup Setup(INoiseProcess process, INoiseSchedule schedule, int tokenCount, int length) =>
        new(new Vocabulary("oracle", tokenCount), process, schedule, Hyperschedule.Flat(length, 1),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
}
