using System.Collections.Immutable;
using Bench.Experiments.Machine;
using Bench.Kernels;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>Which operators a step spends its time in.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Precision">The type of the products.</param>
/// <param name="Steps">Steps that were profiled.</param>
/// <param name="Seconds">Wall time of all of them.</param>
/// <param name="Operators">Times of all of them together, the longest first.</param>
public sealed record SpeedProfile(
    ISpeedCase Case, Precision Precision, double Steps, double Seconds, ImmutableArray<OperatorTime> Operators)
{
    private const int Warm = 3;
    private const double WarmSeconds = 1;

    /// <summary>Wall time in no operator: managed code, kernels that are no operators, reading results.</summary>
    public double ElsewhereSeconds => Math.Max(0, Seconds - Operators.Sum(entry => entry.Seconds));

    /// <summary>Profiles a case for about so long, after a warm-up.</summary>
    /// <exception cref="Results.SuiteException">There is no tensor engine.</exception>
    public static SpeedProfile Of(ISpeedCase row, Precision? asked, double seconds, TimeProvider clock, CancellationToken stop)
    {
        TorchEnvironment.Require();
        var precision = TorchEnvironment.Usable(asked ?? row.Usual);
        using var work = row.Begin(precision);
        long begin = clock.GetTimestamp();
        for (int i = 0; i < Warm && (i == 0 || clock.GetElapsedTime(begin).TotalSeconds < WarmSeconds); i++)
            work.Once(stop);
        double steps = 0, elapsed = 0;
        var operators = OperatorProfile.Of(() =>
        {
            long start = clock.GetTimestamp();
            do
            {
                work.Once(stop);
                steps += work.Steps;
                elapsed = clock.GetElapsedTime(start).TotalSeconds;
            }
            while (elapsed < seconds);
        });
        return new(row, precision, steps, elapsed, [.. operators]);
    }
}
