using Bench.Reporting.Numbers;

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
}

/// <summary>Where a column's content stands.</summary>
public enum Alignment
{
    /// <summary>Words.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}
