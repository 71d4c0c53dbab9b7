using System.Collections.Immutable;
using System.Text;
using Bench.Reporting.Claims;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Html;

/// <summary>The page of the claims, for a reader who knows none of them: verdicts in a table, and a card a claim.</summary>
internal sealed class ClaimsPage(ImmutableArray<TestedClaim> claims, Table table, Bibliography bibliography, RunLinks links)
{
    public const string Name = "claims.html";

    private const string Title = "Claims of the papers, tested";

    private const string Lead = """
        <p>Each claim is a file with its source, a prediction that was written before the runs, and the definition and the test that decide it.
        All methods of a claim are trained, measured and generated from by the same code on the same text, with several seeds; a verdict is about
        networks of that size, trained that long, on that text, and not about larger ones.</p>
        <ul class="read">
        <li><b>holds</b>: the effect lies where the claim says, by more than chance between seeds explains.</li>
        <li><b>opposite</b>: it lies elsewhere, by more than chance explains.</li>
        <li><b>within noise</b>: neither can be said with these seeds. It does not mean that there is no effect.</li>
        <li><b>not testable here</b>: nothing here decides it, and the card says what is missing.</li>
        </ul>

        """;

    public string Write()
    {
        var cards = new StringBuilder();
        foreach (var tested in claims)
            cards.Append(Card(tested));
        return Page.Frame(
            Title,
            $"<p class=\"headline\">{Headline(claims)}</p>\n",
            $"""
                <nav aria-label="Contents"><a href="{Page.Name}">The report</a><a href="#verdicts">Verdicts</a><a href="#claims">Claims, one by one</a></nav>

                """,
            $"""
                {Lead}<h2 id="verdicts">Verdicts</h2>
                {HtmlTable.Write(table.Without(column => column.Key is "statement" or "source" or "command" or "p"))}
                <h2 id="claims">Claims, one by one</h2>
                {cards}
                """,
            "Made from the run folders and the files of the claims alone");
    }

    /// <summary>How many claims there are of each verdict, in a sentence.</summary>
    public static string Headline(ImmutableArray<TestedClaim> claims)
    {
        var counts = claims.CountBy(tested => tested.Verdict).ToDictionary();
        return $"Of {claims.Length} {(claims.Length == 1 ? "claim" : "claims")} " + string.Join(", ",
            Enum.GetValues<Verdict>().Where(counts.ContainsKey).Select(verdict => (verdict, counts[verdict]) switch
            {
                (Verdict.Holds, 1) => "1 holds",
                (Verdict.Holds, var count) => $"{count} hold",
                (_, 1) => $"1 is {ClaimsTable.Words(verdict)}",
                var (_, count) => $"{count} are {ClaimsTable.Words(verdict)}",
            })) + ".";
    }

    private string Card(TestedClaim tested)
    {
        var claim = tested.Claim;
        string key = tested.Verdict switch
        {
            Verdict.Holds => "holds", Verdict.Opposite => "opposite", Verdict.WithinNoise => "noise", _ => "untested",
        };
        var text = new StringBuilder();
        text.Append($"<section class=\"claim {key}\" id=\"{claim.Name}\">\n<h3>{Markup.Escape(claim.Statement)}</h3>\n");
        text.Append($"<p class=\"verdict\"><b>{ClaimsTable.Words(tested.Verdict)}</b>{Markup.Escape(Because(tested))}</p>\n<dl>\n");
        Entry(text, "Source", $"{string.Join("; ", claim.Cites.Select(Source))}: {Markup.Escape(claim.Where)}");
        Entry(text, "Prediction", Markup.Escape(claim.Prediction));
        foreach (var contrast in tested.Contrasts.Where(one => one.Effect is not null))
            Entry(text, contrast.Contrast.Quantity, Effect(contrast));
        if (ClaimsTable.Command(tested) is { } command)
        {
            Entry(text, "Decided by", $"{Code(claim.Decision!.File)}, by the test in {Code(claim.File)}");
            Entry(text, "Reproduce", $"{Code(command)}, then {Code("bench report")}");
        }

        if (!tested.Runs.IsEmpty)
            Entry(text, "Rests on", $"<details><summary>{tested.Runs.Length} runs</summary>"
                + string.Join(" ", tested.Runs.Select(run => Markup.Link(run.Id, links.To(run), $"{run.Method}, seed {run.Seed}")))
                + "</details>");
        return text.Append("</dl>\n</section>\n").ToString();
    }

    private static void Entry(StringBuilder text, string term, string content) =>
        text.Append($"<dt>{Markup.Escape(term)}</dt><dd>{content}</dd>\n");

    private static string Code(string words) => $"<code>{Markup.Escape(words)}</code>";

    private static string Because(TestedClaim tested) => tested.Why.Length > 0
        ? $": {tested.Why}."
        : $": the effect is claimed to be {tested.Claim.Decision!.Effect.Claimed}; adjusted p "
            + $"{NumberFormat.Significant.Text(tested.AdjustedP)}.";

    private static string Effect(TestedContrast contrast)
    {
        var (value, interval) = contrast.Effect!.Value.RoundToInterval(NumberFormat.Significant);
        var (what, _, unit, seeds) = contrast.Contrast;
        string remark = contrast.Contrast.Remark.Length == 0 ? "" : $", {contrast.Contrast.Remark}";
        return $"{Markup.Escape(what)}: <b class=\"whole\">{value}</b> {Markup.Escape(unit)}"
            + $"{(interval is null ? "" : $" <span class=\"error whole\">{interval}</span>")}"
            + Markup.Escape($"{remark}, {seeds.Length} seeds");
    }

    private string Source(string paper) => Markup.Link(bibliography.ShortName(paper), bibliography.Address(paper));
}
