using System.Collections.Immutable;

namespace Bench.Reporting.Tables;

/// <summary>A table of results, independent of how it is written.</summary>
/// <param name="Name">Its file name without extension, and its label.</param>
/// <param name="Caption">One or two sentences: what is shown.</param>
/// <param name="Columns">From left to right.</param>
/// <param name="Rows">From top to bottom, each with as many cells as there are columns.</param>
/// <param name="Notes">What a reader must know to use the numbers.</param>
public sealed record Table(string Name, string Caption, ImmutableArray<Column> Columns, ImmutableArray<Row> Rows, ImmutableArray<string> Notes)
{
    /// <summary>What stands where there is no number.</summary>
    public const string Dash = "–";

    /// <summary>How numbers were measured: for those who check, folded where a page can fold.</summary>
    public ImmutableArray<string> Protocols { get; init; } = [];

    public ImmutableArray<Row> Rows { get; init; } = Rows.All(row => row.Cells.Length == Columns.Length)
        ? Rows
        : throw new ArgumentException($"the table {Name} has {Columns.Length} columns and a row with another number of cells", nameof(Rows));

    /// <summary>The table as people see it.</summary>
    internal Table ForPeople
    {
        get
        {
            var table = Columns.Any(column => column.IsDataOnly) ? Without(column => column.IsDataOnly) : this;
            return table.Rows.Any(row => row.IsDataOnly) ? table with { Rows = [.. table.Rows.Where(row => !row.IsDataOnly)] } : table;
        }
    }

    internal bool HasUnits => Columns.Any(column => column.Unit.Length > 0);

    /// <summary>The row after which the baselines end; -1 when a rule would separate nothing.</summary>
    internal int LastBaseline
    {
        get
        {
            int last = Rows.Length - 1;
            while (last >= 0 && !Rows[last].IsBaseline)
                last--;
            return last == Rows.Length - 1 ? -1 : last;
        }
    }

    /// <summary>The same without some of its columns.</summary>
    internal Table Without(Func<Column, bool> left) => new(
        Name,
        Caption,
        [.. Columns.Where(column => !left(column))],
        [.. Rows.Select(row => row with { Cells = [.. row.Cells.Where((_, i) => !left(Columns[i]))] })],
        Notes)
    {
        Protocols = Protocols,
    };
}
