using Bench.Evaluation.Resampling;
using Bench.Results;

namespace Bench.Evaluation.Quality;

/// <summary>Collects the rows of one setting, and sorts out what is no number.</summary>
internal sealed class GenerationRows(GenerationSetting setting)
{
    private readonly List<GenerationMetric> rows = [];
    private readonly List<string> leftOut = [];

    public GenerationReport Report => new(rows, leftOut);

    /// <summary>Adds a number, or the reason why there is none.</summary>
    /// <param name="name">One of <see cref="GenerationMetricNames"/>.</param>
    /// <param name="unit">One of <see cref="Units"/>.</param>
    /// <param name="estimate">The number.</param>
    /// <param name="protocol">How it was measured.</param>
    /// <param name="undefined">Why it may not be a finite number.</param>
    /// <param name="judge">Who judged.</param>
    public void Add(string name, string unit, Estimate estimate, string protocol, string undefined, string judge = "")
    {
        if (double.IsFinite(estimate.Value))
            rows.Add(new(setting, name, judge, unit, estimate.Value, estimate.StandardError, estimate.Low, estimate.High, estimate.Count, protocol));
        else
            leftOut.Add($"{name}{(judge.Length > 0 ? $" under {judge}" : "")}: {undefined}");
    }
}
