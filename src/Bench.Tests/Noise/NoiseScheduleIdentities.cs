using Bench.Noise.Schedules;
using Bench.Tests.Golden;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

public sealed class NoiseScheduleIdentities
{
    public static TheoryData<INoiseSchedule> Schedules() =>
    [
        new LogLinear(0), new LogLinear(1e-3), new LogLinear(0.3), new Cosine(1), new Cosine(2), new Cosine(1, 0, 1e-3), new Logarithmic(),
        new DenseEnds(), new Geometric(1e-3, 8), new Linear(1e-3, 7), new Polynomial(2), new Polynomial(0.5),
        new LogUniform(1e-3, 0.999), new GaussianArgmax(30, -3.5, -1.5),
    ];

    [Fact]
    public void Every_schedule_is_listed_here()
    {
        var known = ((IEnumerable<object[]>)Schedules()).Select(row => row[0].GetType()).ToHashSet();
        Assert.All(typeof(INoiseSchedule).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INoiseSchedule))),
            type => Assert.Contains(type, known));
    }

    [Theory, MemberData(nameof(Schedules))]
    public void The_rate_is_the_derivative_of_the_noise(INoiseSchedule schedule)
    {
        foreach (double t in new[] { 0.05, 0.3, 0.8, 0.95 })
            Close.Assert((schedule.Sigma(t + 1e-6) - schedule.Sigma(t - 1e-6)) / 2e-6, schedule.Rate(t), 1e-6 * schedule.Rate(t));
    }

    [Theory, MemberData(nameof(Schedules))]
    public void Noise_grows_from_nothing_or_more_to_the_end(INoiseSchedule schedule)
    {
        double[] sigma = [.. Enumerable.Range(0, 101).Select(k => schedule.Sigma(k / 100.0))];
        Assert.True(sigma[0] >= 0);
        Assert.All(sigma.Zip(sigma.Skip(1)), pair => Assert.True(pair.First < pair.Second, $"{pair}"));
        Assert.All(Enumerable.Range(1, 99), k => Assert.True(schedule.Rate(k / 100.0) > 0));
    }

    [Fact]
    public void Noise_that_recedes_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Geometric(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianArgmax(5, -1, -2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cosine(1, 0.6, 0.6));
    }

    [Theory, MemberData(nameof(Schedules))]
    public void Shortcuts_equal_their_definitions(INoiseSchedule schedule)
    {
        foreach (double t in new[] { 0.05, 0.3, 0.8, 0.95 })
        {
            Close.Assert(1 - Math.Exp(-schedule.Sigma(t)), schedule.Jumped(t), 1e-12);
            Close.Assert(schedule.Rate(t) / (Math.Exp(schedule.Sigma(t)) - 1), schedule.MaskedWeight(t), 1e-12);
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public void A_cosine_without_a_rest_ends_in_noise_alone(int power)
    {
        INoiseSchedule schedule = new Cosine(power, Epsilon: 0);
        Assert.Equal(double.PositiveInfinity, schedule.Sigma(1));
        Assert.Equal(1, schedule.Jumped(1));
        Assert.Equal(power == 1 ? Math.PI / 2 : 0, schedule.MaskedWeight(1), 1e-12);
        // 1 − cosᵖ(πt/2) is p(πt/2)²/2 where t is small, and σ'/(e^σ − 1) is 2/t.
        Close.Assert(power * Math.Pow(Math.PI * 1e-9 / 2, 2) / 2, schedule.Jumped(1e-9), 1e-30);
        Close.Assert(2, 1e-9 * schedule.MaskedWeight(1e-9), 1e-12);
    }

    [Theory, InlineData(0), InlineData(1e-3), InlineData(0.2)]
    public void The_log_linear_weight_is_one_over_t_whatever_epsilon(double epsilon)
    {
        var schedule = new LogLinear(epsilon);
        foreach (double t in new[] { 1e-9, 0.25, 0.999 })
            Close.Assert(1, t * schedule.Rate(t) * Math.Exp(-schedule.Sigma(t)) / schedule.Jumped(t), 1e-12);
    }
}
