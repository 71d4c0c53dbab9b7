using System.Collections.Immutable;
using Bench.Reporting.Figures;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Paper;

/// <summary>A figure or table of the paper, and what there is of it here.</summary>
/// <param name="Title">What it shows. The paper's numbers of figures and tables are not known for all, so none is used.</param>
/// <param name="There">What it is in the paper.</param>
/// <param name="Here">What ours shows.</param>
/// <param name="Differs">In what ours is another thing.</param>
internal sealed record PaperItem(string Title, string There, string Here, string Differs)
{
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>None where no result has been made yet that it needs.</summary>
    public ImmutableArray<Table> Tables { get; init; } = [];

    public bool IsMade => Figures.Length + Tables.Length > 0;
}
