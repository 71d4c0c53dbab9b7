using System.Collections.Immutable;
using Bench.Evaluation.Resampling;
using Bench.Results;

namespace Bench.Evaluation.Quality;

/// <summary>Collects the rows of one setting, with a reason in place of what is no number.</summary>
internal sealed class GenerationRows(GenerationSetting setting)
{
    private readonly List<GenerationMetric> rows = [];

    public ImmutableArray<GenerationMetric> All => [.. rows];

    /// <summary>Adds a number, or the reason why there is none.</summary>
    /// <param name="name">One of <see cref="GenerationMetricNames"/>.</param>
    /// <param name="unit">One of <see cref="Units"/>.</param>
    /// <param name="estimate">The number.</param>
    /// <param name="protocol">How it was measured.</param>
    /// <param name="undefined">Why there may be none.</param>
    /// <param name="judge">Who judged.</param>
    public void Add(string name, string unit, Estimate estimate, string protocol, string undefined, string judge = "") => rows.Add(double.IsNaN(estimate.Value)
        ? GenerationMetric.NotDefined(setting, name, judge, unit, estimate.Count, undefined)
        : new(setting, name, judge, unit, estimate.Value, estimate.StandardError, estimate.Low, estimate.High, estimate.Count, protocol));
}
