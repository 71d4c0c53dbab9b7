using Bench.Reporting.Statistics;

namespace Bench.Reporting.Tables;

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
    /// <summary>Words.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}
