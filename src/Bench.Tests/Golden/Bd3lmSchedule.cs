using Bench.Noise.Schedules;

namespace Bench.Tests.Golden;

/// <summary>A noise schedule of BD3-LM: ours, and what the public code does to it where shares and weights are small.</summary>
/// <param name="Schedule">Ours, without that.</param>
/// <param name="Floor">The least masked share; 0 for none.</param>
/// <param name="Added">What is added to the share that weights are divided by.</param>
internal sealed record Bd3lmSchedule(INoiseSchedule Schedule, double Floor = 0, double Added = 0)
{
    /// <summary>The ε of the public code where none is given.</summary>
    public const double Epsilon = 1e-3;

    public static Bd3lmSchedule Of(string name, double epsilon = Epsilon) => name switch
    {
        "loglinear" => new(new LogLinear(0)),
        "square" => new(new Polynomial(2), Floor: epsilon),
        "square_root" => new(new Polynomial(0.5), Floor: epsilon),
        "log" => new(new Logarithmic()),
        "cosine" => new(new Cosine(1, Epsilon: 0, Masked: epsilon), Added: epsilon),
        _ => throw new NotSupportedException($"no noise schedule called {name}"),
    };

    /// <summary>The masked share.</summary>
    public double Moved(double t) => Math.Max(Floor, Schedule.Jumped(t));

    /// <summary>The weight of a masked token.</summary>
    public double Weight(double t) => Schedule.MaskedWeight(t) * Schedule.Jumped(t) / (Moved(t) + Added);
}
