using Bench.Reporting.Numbers;

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
    public sealed record Number(Measurement Value, string? Link = null) : Cell;

    /// <summary>No number, printed as a dash, and why.</summary>
    public sealed record Absent(string Why) : Cell;
}
