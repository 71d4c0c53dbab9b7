using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.TableBuilders;

/// <summary>
/// Which methods differ from the two references, AR and MDLM, by more than chance between seeds explains: a paired
/// t test over common seeds. Where there is one seed there is no test, and nothing stands in for it.
/// </summary>
internal static class Differences
{
    /// <summary>The verdict on a difference that chance between seeds explains.</summary>
    public const string WithinNoise = "within noise";

    private const double Level = 0.05;

    // The usual references; where neither was run, the best method on the validation text takes their place.
    private static readonly string[] References = ["ar", "mdlm"];

    private static readonly ImmutableArray<Column> Columns =
    [
        new("quantity", "Quantity") { Alignment = Alignment.Left },
        new("reference", "Against") { Alignment = Alignment.Left },
        new("method", "Method") { Alignment = Alignment.Left },
        new("seeds", "Seeds") { Format = NumberFormat.Plain },
        new("difference", "Difference") { Interval = IntervalUse.Shown },
        new("p", "p") { Format = NumberFormat.Significant },
        new("p_holm", "p, Holm") { Format = NumberFormat.Significant },
        new("verdict", "Verdict") { Alignment = Alignment.Left },
    ];

    /// <summary>Null when no two methods have two seeds in common.</summary>
    public static Table? Build(Comparison comparison, RunLinks links)
    {
        ImmutableArray<Row> rows =
        [
            .. from quantity in Quantities(comparison)
               from reference in ReferencesOf(comparison, quantity)
               from row in Rows(comparison, quantity, reference, links)
               select row,
        ];
        return rows.IsEmpty
            ? null
            : new Table(
                $"differences{comparison.Suffix}",
                "Differences between methods, tested over seeds: method less reference, with 95 % intervals.",
                Columns,
                rows,
                [
                    "Paired t test, two-sided, over the seeds that both methods have: a pair shares a seed. p, Holm: adjusted for all "
                        + "methods against one reference in one quantity.",
                    $"Verdict: within noise where the adjusted p is {Level} or more. Perplexity is compared by its logarithm, and is "
                        + $"lower or higher, not better or worse: that of real text is the aim.",
                    "By bounds: where a method whose likelihood is an upper bound comes out worse, its true likelihood may not be; and so "
                        + "for a reference.",
                ]);
    }

    /// <summary>Why there is no test, for a table without; null where there is one, or nothing to test.</summary>
    public static string? Untested(Comparison comparison) =>
        comparison.Networks.Count(method => method.Bits(Splits.Test) is not null) > 1 && !HasPairs(comparison)
            ? "One seed a method: differences between methods are not tested, and ± says nothing of other seeds."
            : null;

    private static bool HasPairs(Comparison comparison)
    {
        var quantity = Quantities(comparison)[0];
        return ReferencesOf(comparison, quantity)
            .Any(reference => comparison.Networks.Any(method => method != reference && Test(quantity, method, reference) is not null));
    }

    private static ImmutableArray<Quantity> Quantities(Comparison comparison)
    {
        var likelihood = new Quantity(
            $"test likelihood, {comparison.Units.Bits}", run => run.Find(LikelihoodMetrics.Likelihood, Splits.Test)?.Value);
        return Scorers.Of(comparison) is [var scorer, ..]
            ? [likelihood,
                new Quantity($"log perplexity ({scorer}), {comparison.Units.Nats}", run => Perplexity(run, scorer)) { IsPerplexity = true }]
            : [likelihood];
    }

    private static double? Perplexity(RunRecord run, string scorer) => run.Generation.IsEmpty
        ? null
        : run.Generation.FirstOrDefault(row =>
            row.Name == ScoredText.Perplexity.Name && row.Scorer == scorer
            && Generated.IsSameText(row.Setting, run.Generation[0].Setting)) is { Value: > 0 } found
        ? Math.Log(found.Value)
        : null;

    private static IEnumerable<MethodResult> ReferencesOf(Comparison comparison, Quantity quantity)
    {
        // The validation text chooses among several definitions: the test text must not choose what it is tested against.
        List<MethodResult> measured =
        [
            .. comparison.Networks
                .Where(method => method.Method != RealText.Method && method.Finished.Any(run => quantity.Value(run) is not null))
                .OrderBy(method => method.Bits(Splits.Validation)?.Value ?? double.PositiveInfinity),
        ];
        List<MethodResult> named = [.. References.Select(name => measured.Find(method => method.Method == name)).OfType<MethodResult>()];
        return named.Count > 0 ? named : measured.Take(1);
    }

    private static PairedTest? Test(Quantity quantity, MethodResult method, MethodResult reference) => PairedTest.Of(
    [
        .. from run in method.Finished
           from other in reference.Finished
           where run.Seed == other.Seed && quantity.Value(run) is not null && quantity.Value(other) is not null
           select quantity.Value(run)!.Value - quantity.Value(other)!.Value,
    ]);

    /// <summary>The differences in test likelihood that the table has, by reference.</summary>
    public static ILookup<MethodResult, TestedDifference> InLikelihood(Comparison comparison)
    {
        var likelihood = Quantities(comparison)[0];
        return ReferencesOf(comparison, likelihood)
            .SelectMany(reference => Tested(comparison, likelihood, reference), (reference, tested) => (reference, tested))
            .ToLookup(pair => pair.reference, pair => pair.tested);
    }

    private static ImmutableArray<TestedDifference> Tested(Comparison comparison, Quantity quantity, MethodResult reference)
    {
        List<(MethodResult Method, PairedTest Test)> tested =
        [
            .. comparison.Networks
                .Where(method => method != reference && method.Method != RealText.Method)
                .Select(method => (method, Test(quantity, method, reference)))
                .Where(pair => pair.Item2 is not null)
                .Select(pair => (pair.method, pair.Item2!)),
        ];
        var adjusted = PairedTest.Holm([.. tested.Select(pair => pair.Test.P)]);
        return
        [
            .. tested.Select((pair, i) => new TestedDifference(
                pair.Method, pair.Test, adjusted[i],
                Verdict(quantity, pair.Method, reference, pair.Test.Difference.Value, adjusted[i]))),
        ];
    }

    private static IEnumerable<Row> Rows(Comparison comparison, Quantity quantity, MethodResult reference, RunLinks links) =>
        Tested(comparison, quantity, reference).Select(tested => new Row(
        [
            new Cell.Words(quantity.Name),
            new Cell.Words(reference.Label),
            new Cell.Words(tested.Method.Label, links.ToDefinition(tested.Method)),
            new Cell.Number(new Measurement(tested.Test.Pairs)),
            new Cell.Number(tested.Test.Difference, links.To(tested.Method)),
            new Cell.Number(new Measurement(tested.Test.P)),
            new Cell.Number(new Measurement(tested.AdjustedP)),
            new Cell.Words(tested.Verdict),
        ]));

    private static string Verdict(Quantity quantity, MethodResult method, MethodResult reference, double difference, double p)
    {
        if (!(p < Level))
            return WithinNoise;
        if (quantity.IsPerplexity)
            return difference < 0 ? "lower" : "higher";
        var worse = difference < 0 ? reference : method;
        return (difference < 0 ? "better" : "worse") + (worse.Bits(Splits.Test) is { IsUpperBound: true } ? ", by bounds" : "");
    }

    private sealed record Quantity(string Name, Func<RunRecord, double?> Value)
    {
        public bool IsPerplexity { get; init; }
    }
}

/// <summary>A method less a reference, over the seeds that both have.</summary>
/// <param name="Method">The method.</param>
/// <param name="Test">The paired test.</param>
/// <param name="AdjustedP">Its p, adjusted for all methods against that reference.</param>
/// <param name="Verdict">In plain English.</param>
internal sealed record TestedDifference(MethodResult Method, PairedTest Test, double AdjustedP, string Verdict);
