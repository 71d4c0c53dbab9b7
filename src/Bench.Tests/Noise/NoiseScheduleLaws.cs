using Bench.Noise;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Noise;

public sealed class NoiseScheduleLaws
{
    public static TheoryData<INoiseSchedule> Schedules() =>
    [
        new LogLinear(0), new LogLinear(1e-3), new Cosine(1), new Cosine(2), new Geometric(1e-3, 8), new Linear(1e-3, 7), new Polynomial(2), new Polynomial(0.5),
        new LogUniform(1e-3, 0.999),
    ];

    [Fact]
    public void Every_schedule_is_listed_here()
    {
        var known = ((IEnumerable<object[]>)Schedules()).Select(row => row[0].GetType()).ToHashSet();
        Assert.All(typeof(INoiseSchedule).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(INoiseSchedule))), type => Assert.Contains(type, known));
    }

    [Theory, MemberData(nameof(Schedules))]
    public void The_rate_is_the_derivative_of_the_noise(INoiseSchedule schedule)
    {
        foreach (double t in new[] { 0.05, 0.3, 0.8, 0.95 })
            Close.Assert((schedule.Sigma(t + 1e-6) - schedule.Sigma(t - 1e-6)) / 2e-6, schedule.Rate(t), 1e-6 * schedule.Rate(t));
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

    [Theory, InlineData(0), InlineData(1e-3), InlineData(0.2)]
    public void The_log_linear_weight_is_one_over_t_whatever_epsilon(double epsilon)
    {
        var schedule = new LogLinear(epsilon);
        foreach (double t in new[] { 1e-9, 0.25, 0.999 })
            Close.Assert(1, t * schedule.Rate(t) * Math.Exp(-schedule.Sigma(t)) / schedule.Jumped(t), 1e-12);
    }
}
