using System.Collections.Immutable;

namespace Bench.Reporting.Tables;

/// <summary>A row of a table: one cell a column.</summary>
public sealed record Row(ImmutableArray<Cell> Cells)
{
    /// <summary>A baseline is printed in grey, above a rule.</summary>
    public bool IsBaseline { get; init; }

    /// <summary>Data files have it; people do not miss it.</summary>
    public bool IsDataOnly { get; init; }

    /// <summary>What went wrong: said in place of the numbers when there are none, as a note beside them otherwise.</summary>
    public string? Remark { get; init; }

    /// <summary>The remark is all there is to say.</summary>
    internal bool IsBare => Remark is not null && !Cells.Any(cell => cell is Cell.Number);
}
