using System.Collections.Immutable;
using Bench.Reporting.Statistics;

namespace Bench.Reporting.Tables;

/// <summary>A table of results, independent of how it is written.</summary>
/// <param name="Name">Its file name without extension, and its label.</param>
/// <param name="Caption">One or two sentences: what is shown.</param>
/// <param name="Columns">From left to right.</param>
/// <param name="Rows">From top to bottom, each with as many cells as there are columns.</param>
/// <param name="Notes">What a reader must know to use the numbers.</param>
public sealed record Table(
    string Name, string Caption, ImmutableArray<Column> Columns, ImmutableArray<Row> Rows, ImmutableArray<string> Notes)
{
    /// <summary>What stands where there is no number.</summary>
    public const string Dash = "–";

    /// <summary>How numbers were measured, folded where a page can fold.</summary>
    public ImmutableArray<string> Protocols { get; init; } = [];

    public ImmutableArray<Row> Rows { get; init; } = Rows.All(row => row.Cells.Length == Columns.Length)
        ? Rows
        : throw new ArgumentException(
            $"the table {Name} has {Columns.Length} columns and a row with another number of cells", nameof(Rows));

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

/// <summary>What stands in one place of a table.</summary>
public abstract record Cell
{
    private Cell()
    {
    }

    /// <summary>Text. The link, where there is one, is relative to the report's folder and used by the HTML page only.</summary>
    public sealed record Words(string Text, string? Link = null) : Cell;

    /// <summary>A number. The link leads to the file it was read from.</summary>
    public sealed record Number(Measurement Value, string? Link = null) : Cell
    {
        /// <summary>How to print it without an error, where the column's format would add or take digits.</summary>
        public NumberFormat? Format { get; init; }

        /// <summary>Such as <c>≤ 2.413 ± 0.009</c> or <c>7.43 [7.31, 7.55]</c>.</summary>
        internal string Text(Column column)
        {
            var (value, uncertainty) = Round(column);
            return (Value.IsUpperBound ? Measurement.AtMost : "") + value + (uncertainty is null ? "" : $" {uncertainty}");
        }

        /// <summary>The value, and <c>± 0.009</c> or <c>[7.31, 7.55]</c>, rounded together.</summary>
        internal (string Value, string? Uncertainty) Round(Column column)
        {
            var format = Format ?? column.Format;
            var (value, error) = Value.Round(format);
            if (column.Interval == IntervalUse.Shown || (column.Interval == IntervalUse.InData && error is null))
                return Value.RoundToInterval(format) is { Interval: not null } rounded ? rounded
                    : (value, error is null ? null : $"± {error}");
            return (value, error is null ? null : $"± {error}");
        }
    }

    /// <summary>No number, printed as a dash, and why.</summary>
    public sealed record Absent(string Why) : Cell;
}

/// <summary>A column of a table.</summary>
/// <param name="Key">Its name in data files.</param>
/// <param name="Title">Its heading for people.</param>
/// <param name="Unit">The unit under the heading; empty for none.</param>
public sealed record Column(string Key, string Title, string Unit = "")
{
    public Alignment Alignment { get; init; } = Alignment.Right;

    /// <summary>How numbers without a standard error are printed.</summary>
    public NumberFormat Format { get; init; } = NumberFormat.Fixed(3);

    /// <summary>Sentences that may run over several lines.</summary>
    public bool IsProse { get; init; }

    /// <summary>A note says it as well, so a narrow page leaves it out.</summary>
    public bool IsInNotes { get; init; }

    /// <summary>Data files get a second column for the standard error and a third for the kind of bound.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>Whether data files get the ends of a 95 % interval, and people see it in place of a standard error.</summary>
    public IntervalUse Interval { get; init; }

    /// <summary>Data files have it; people do not miss it.</summary>
    public bool IsDataOnly { get; init; }
}

/// <summary>What is done with 95 % intervals.</summary>
public enum IntervalUse
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Data files have them; people see the standard error, and the interval where there is no such error.</summary>
    InData,

    /// <summary>Data files have them, and people see them.</summary>
    Shown,
}

/// <summary>Where a column's content stands.</summary>
public enum Alignment
{
    /// <summary>Text.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}

/// <summary>Gives each reason a letter, in order of first use, so that a dash is never without its why.</summary>
internal sealed class Footnotes
{
    private readonly List<string> reasons = [];

    public string Mark(string reason)
    {
        int index = reasons.IndexOf(reason);
        if (index < 0)
        {
            index = reasons.Count;
            reasons.Add(reason);
        }

        return index < 26 ? ((char)('a' + index)).ToString() : $"{(char)('a' + (index / 26) - 1)}{(char)('a' + (index % 26))}";
    }

    /// <summary>The mark of a dash.</summary>
    public string Mark(Row row, Cell.Absent absent) => Mark(row.IsBare ? row.Remark! : absent.Why);

    /// <summary>The mark beside a row's name: of a remark that has no dash to stand at. Empty for none.</summary>
    public string Mark(Row row) => row.Remark is { } remark && !row.IsBare ? Mark(remark) : "";

    public IEnumerable<(string Mark, string Reason)> All => [.. reasons.Select(reason => (Mark(reason), reason))];
}
