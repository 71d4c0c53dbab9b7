using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Content;

/// <summary>The tables of one comparison; those for which nothing was measured are null.</summary>
/// <param name="Likelihood">Of the validation and test text.</param>
/// <param name="Differences">Which methods differ by more than seeds make them.</param>
/// <param name="Terms">What the bounds are made of.</param>
/// <param name="ZeroShot">Likelihood of text of other kinds.</param>
/// <param name="Generation">Quality of generated text.</param>
/// <param name="Correction">Original and corrected sampling by rate.</param>
/// <param name="Throughput">Speed of generation.</param>
internal sealed record ComparisonTables(Table Likelihood, Table? Differences, Table? Terms, Table? ZeroShot, Table? Generation, Table? Correction, Table? Throughput)
{
    public IEnumerable<Table> All => new[] { Likelihood, Differences, Terms, ZeroShot, Generation, Correction, Throughput }.OfType<Table>();

    public static ComparisonTables Build(Comparison comparison, ImmutableArray<MethodResult> judges, ImmutableArray<PublishedNumber> published, RunLinks links) => new(
        new LikelihoodTable(comparison, links).Build(),
        Content.Differences.Build(comparison, links),
        TermsTable.Build(comparison, links),
        ZeroShotTable.Build(comparison, links),
        new GenerationTable(comparison, judges, links).Build(),
        CorrectionTable.Build(comparison, published, links),
        ThroughputTable.Build(comparison, links));
}
