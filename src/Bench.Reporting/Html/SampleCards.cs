using System.Text;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Content;
using Bench.Reporting.Numbers;
using Bench.Results;

namespace Bench.Reporting.Html;

/// <summary>Generated texts side by side: the first of each method, as it is, cut to a length that can be compared.</summary>
internal static class SampleCards
{
    private const int Most = 600;

    /// <summary>Nothing when no run left a sample.</summary>
    public static string Write(Comparison comparison, RunLinks links)
    {
        var text = new StringBuilder();
        foreach (var method in comparison.Methods)
        {
            if (method.Finished.FirstOrDefault(run => run.Samples.Length > 0) is not { } run)
                continue;
            string entropy = method.Measure(MetricNames.SampleEntropy) is { } found ? $" · entropy {found.Text(NumberFormat.Fixed(2))} nats" : "";
            string file = links.To(run, $"samples/{run.Samples[0].Name}.txt");
            text.Append($"<article><h3>{Markup.Link(method.Label, file, "the whole sample")}<span>{Markup.Escape(entropy)}</span></h3>")
                .Append($"<pre>{Markup.Escape(Cut(run.Samples[0].Text))}</pre></article>\n");
        }

        return text.Length == 0
            ? ""
            : "<h2>Samples</h2>\n<p>The first text that each method generated, not chosen. Entropy is that of the symbols within a sample; "
                + "repetition lowers it.</p>\n<div class=\"samples\">\n" + text + "</div>\n";
    }

    private static string Cut(string sample)
    {
        string trimmed = sample.Trim();
        if (trimmed.Length <= Most)
            return trimmed;
        int end = char.IsLowSurrogate(trimmed[Most]) ? Most - 1 : Most;
        return trimmed[..end] + " …";
    }
}
