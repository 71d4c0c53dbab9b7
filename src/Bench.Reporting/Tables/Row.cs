using System.Collections.Immutable;

namespace Bench.Reporting.Tables;

/// <summary>A row of a table: one cell a column.</summary>
public sealed record Row(ImmutableArray<Cell> Cells)
{
    /// <summary>A baseline is printed in grey, above a rule.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Said instead of the numbers, as when a run failed.</summary>
    public string? Remark { get; init; }
}
