using Bench.Results.Metrics;

namespace Bench.Reporting.Regression;

/// <summary>A number that must not get worse: a row of <c>baselines/ci/*.csv</c>.</summary>
/// <param name="Method">As in definitions; with its settings where an experiment has it several times.</param>
/// <param name="Metric">What is measured, as <see cref="Guards"/> call it.</param>
/// <param name="Where">On which part of the text, or on text generated in which way; empty for neither.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Better">Which way it may go.</param>
/// <param name="Value">The mean over seeds.</param>
/// <param name="Spread">Standard deviation between seeds; 0 where all gave the very same number.</param>
/// <param name="Seeds">How many seeds the two were measured with.</param>
public sealed record GuardedMetric(string Method, string Metric, string Where, string Unit, Direction Better, double Value, double Spread, int Seeds)
{
    /// <summary>Deterministic: any other value has a cause in the code.</summary>
    public bool IsExact => Tolerated == 0;

    /// <summary>What it is called in messages: <c>likelihood (test)</c>.</summary>
    public string Name => Where.Length == 0 ? Metric : $"{Metric} ({Where})";

    /// <summary>The spread that tolerances come from: no less than its kind has.</summary>
    internal double Tolerated => Math.Max(Spread, Guards.Floor(Metric));

    internal (string Method, string Metric, string Where) Key => (Method, Metric, Where);
}
