using Bench.Reporting.Statistics;

namespace Bench.Reporting.Tables;

/// <summary>What stands in one place of a table.</summary>
public abstract record Cell
{
    private Cell()
    {
    }

    /// <summary>Words. The link, where there is one, is relative to the report's folder and used by the HTML page only.</summary>
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
                return Value.RoundToInterval(format) is { Interval: not null } rounded ? rounded : (value, error is null ? null : $"± {error}");
            return (value, error is null ? null : $"± {error}");
        }
    }

    /// <summary>No number, printed as a dash, and why.</summary>
    public sealed record Absent(string Why) : Cell;
}
