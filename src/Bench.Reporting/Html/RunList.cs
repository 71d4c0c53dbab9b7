using System.Collections.Immutable;
using System.Text;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.Html;

/// <summary>Every run with its folder and files: where the numbers of the page were read from.</summary>
internal static class RunList
{
    public static string Write(ImmutableArray<MethodResult> methods, RunLinks links)
    {
        var text = new StringBuilder("""
            <figure class="table"><div class="scroll"><table class="sortable"><thead><tr>
            """.ReplaceLineEndings("\n"));
        foreach (string heading in (string[])["Run", "Experiment", "Method", "Seed", "State", Heading(methods), "Files"])
            text.Append($"<th scope=\"col\"><button type=\"button\">{heading}</button></th>");
        text.Append("</tr></thead>\n<tbody>\n");
        foreach (var method in methods)
        {
            foreach (var run in method.Runs)
                text.Append(Row(method, run, links));
        }

        return text.Append("</tbody></table></div></figure>\n").ToString();
    }

    private static string Heading(ImmutableArray<MethodResult> methods) =>
        methods.All(method => method.Units == LikelihoodUnits.Character) ? "Test bits/char" : "Test likelihood, bits/char or as said";

    private static string Row(MethodResult method, RunRecord run, RunLinks links)
    {
        // Only what is there is linked.
        string files = string.Join(" ",
            ((string[])["definition.json", "environment.json", "metrics.csv", "generation.csv", "training.csv", "status.json"])
            .Where(file => File.Exists(Path.Combine(run.Folder, file)))
            .Select(file => Markup.Link(file, links.To(run, file))));
        string state = run.Status.State switch { RunState.Finished => "finished", RunState.Failed => "failed", _ => "not finished" };
        string time = run.Status.Seconds > 0 ? $" · {NumberFormat.Duration.Text(run.Status.Seconds)}" : "";
        string bits = run.Find(LikelihoodMetrics.Likelihood, Splits.Test) is { } metric
            ? Markup.Escape(
                new Measurement(metric.Value, metric.StandardError).Text(LikelihoodMetrics.Likelihood.Format)
                + (metric.Unit == Units.BitsPerCharacter ? "" : $" {metric.Unit}"))
            : "–";
        return $"<tr id=\"{RunLinks.Anchor(run)}\"><th scope=\"row\" class=\"hash\">{Markup.Link(run.Id, links.To(run))}</th>"
            + $"<td>{Markup.Escape(run.Experiment)}</td><td>{Markup.Escape(method.Label)}</td><td>{run.Seed}</td>"
            + $"<td>{state}{Markup.Escape(time)}</td><td>{bits}</td><td>{files}</td></tr>\n";
    }
}
