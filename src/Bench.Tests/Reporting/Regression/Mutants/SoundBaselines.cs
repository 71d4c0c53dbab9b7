using System.Collections.Concurrent;
using Bench.Reporting.Regression;

namespace Bench.Tests.Reporting.Regression.Mutants;

/// <summary>Baselines of the code as it is, each measured once with five seeds.</summary>
public sealed class SoundBaselines
{
    private readonly ConcurrentDictionary<string, Baseline> measured = new(StringComparer.Ordinal);

    public Baseline Of(string method) => measured.GetOrAdd(method, static name =>
    {
        using var trial = new Trial(name);
        for (ulong seed = 1; seed <= 5; seed++)
            trial.Run(seed);
        return Baseline.Of(trial.Results);
    });
}
