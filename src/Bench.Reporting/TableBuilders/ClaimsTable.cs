using System.Collections.Immutable;
using Bench.Reporting.Claims;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;

namespace Bench.Reporting.TableBuilders;

/// <summary>The claims of the papers with their verdicts: a row a comparison.</summary>
internal static class ClaimsTable
{
    private static readonly ImmutableArray<Column> Columns =
    [
        new("claim", "Claim") { Alignment = Alignment.Left },
        new("statement", "Statement") { Alignment = Alignment.Left, IsProse = true },
        new("source", "Source") { Alignment = Alignment.Left },
        new("verdict", "Verdict") { Alignment = Alignment.Left },
        new("comparison", "Compared") { Alignment = Alignment.Left, IsProse = true },
        new("quantity", "In") { Alignment = Alignment.Left },
        new("effect", "Effect") { Interval = IntervalUse.Shown },
        new("unit", "Unit") { Alignment = Alignment.Left },
        new("claimed", "Claimed") { Alignment = Alignment.Left },
        new("seeds", "Seeds") { Format = NumberFormat.Plain },
        new("p", "p") { Format = NumberFormat.Significant },
        new("p_holm", "p, Holm") { Format = NumberFormat.Significant },
        new("command", "Decided by") { Alignment = Alignment.Left },
    ];

    /// <summary>As people say it.</summary>
    public static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Opposite => "opposite",
        Verdict.WithinNoise => "within noise",
        _ => "not testable here",
    };

    /// <summary>What makes the runs that decide it; null where nothing does.</summary>
    public static string? Command(TestedClaim tested) => tested.Claim.Decision is null ? null : $"bench run {tested.Claim.File}";

    /// <summary>Null without claims.</summary>
    public static Table? Build(ImmutableArray<TestedClaim> claims, Bibliography bibliography) => claims.IsEmpty
        ? null
        : new Table(
            "claims",
            "Claims of the papers, with verdicts over seeds: effects are means with 95 % intervals.",
            Columns,
            [.. claims.SelectMany(tested => Rows(tested, bibliography))],
            [.. Notes]);

    /// <summary>What a reader has to know of the verdicts.</summary>
    public static IEnumerable<string> Notes =>
    [
        "A claim says where an effect lies. It holds where the effect, paired by seed, lies there by one-sided t tests, and is opposite "
            + "where it lies outside; in between it is within noise. A claim of several comparisons holds where each of them does.",
        "p: two-sided, of the claim as a whole. p, Holm: adjusted for all claims that are testable here; below 0.05 there is a verdict. "
            + $"{TestedClaim.LeastSeeds} common seeds are the fewest that are tested.",
        "Likelihoods of diffusion models are upper bounds, and comparisons of them are comparisons of bounds.",
        "Perplexity at equal entropy: of the frontiers through temperatures or samplers, averaged over the entropies that both reach.",
    ];

    private static IEnumerable<Row> Rows(TestedClaim tested, Bibliography bibliography)
    {
        var claim = tested.Claim;
        Cell[] head =
        [
            new Cell.Words(claim.Name, $"#{claim.Name}"),
            new Cell.Words(claim.Statement),
            new Cell.Words(string.Join("; ", claim.Cites.Select(bibliography.ShortName))),
            new Cell.Words(Words(tested.Verdict)),
        ];
        Cell command = Command(tested) is { } words ? new Cell.Words(words) : new Cell.Absent(tested.Why);
        if (tested.Contrasts.IsEmpty)
        {
            var none = new Cell.Absent(tested.Why);
            yield return new([.. head, none, none, none, none, none, none, none, none, command]);
        }

        foreach (var (contrast, _, effect) in tested.Contrasts)
        {
            bool isTested = tested.Why.Length == 0;
            Cell Number(double value) => isTested ? new Cell.Number(new Measurement(value)) : new Cell.Absent(tested.Why);
            yield return new(
            [
                .. head,
                new Cell.Words(contrast.Remark.Length == 0 ? contrast.What : $"{contrast.What}, {contrast.Remark}"),
                new Cell.Words(contrast.Quantity),
                effect is { } shown
                    ? new Cell.Number(shown, $"#{claim.Name}")
                    : new Cell.Absent(tested.Why.Length > 0 ? tested.Why : "one seed has no spread"),
                new Cell.Words(contrast.Unit),
                new Cell.Words(claim.Decision!.Effect.Claimed.ToString()),
                new Cell.Number(new Measurement(contrast.Seeds.Length)),
                Number(tested.P),
                Number(tested.AdjustedP),
                command,
            ]);
        }
    }
}
