using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.Validity;

/// <summary>A number of a finished run that no sound measurement can give.</summary>
/// <param name="Run">The run.</param>
/// <param name="File">The file of its folder that the number stands in.</param>
/// <param name="Line">The line that its row begins in, the header being the first.</param>
/// <param name="Column">The column that cannot be; null where it is what the metric is called after.</param>
/// <param name="Metric">What is measured, as the file calls it.</param>
/// <param name="Where">On which split, or on text generated in which way; empty for neither.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Value">The number.</param>
/// <param name="Why">What it contradicts, after "but".</param>
/// <param name="Fix">What to look for.</param>
public sealed record ImpossibleValue(
    RunRecord Run, string File, int Line, string? Column, string Metric, string Where, string Unit, double Value, string Why, string Fix)
{
    /// <summary>The value and what it contradicts: <c>1.2 bits/char, but ...</c>.</summary>
    public string Sentence => $"{CsvFormat.Field(Value)}{(Unit.Length == 0 ? "" : $" {Unit}")}, but {Why}";

    /// <summary>A line that names run, metric, value and reason, and a line of what to do.</summary>
    public Problem Problem => new(
        $"{Path.Combine(Run.Folder, File)}:{Line}{(Column is null ? "" : $", column {Column}")}",
        $"{Name} of {Run.Method}, seed {Run.Seed}, is {Sentence}",
        Fix);

    private string Name => Where.Length == 0 ? Metric : $"{Metric} ({Where})";
}
