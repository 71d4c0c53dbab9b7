using System.Text;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Reporting.TableBuilders;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Html;

/// <summary>Generated texts side by side: the first of each method, as it is, cut to a length that can be compared.</summary>
internal static class SampleCards
{
    private const int Most = 600;

    // Above so many letters in all, so many cards are open at first.
    private const int Long = 4000;
    private const int Open = 9;

    // What a card holds besides its text.
    private const int Overhead = 200;

    /// <summary>Nothing when no run left a sample.</summary>
    public static string Write(Comparison comparison, RunLinks links)
    {
        var cards = new List<string>();
        foreach (var method in comparison.Methods)
        {
            if (method.Finished.FirstOrDefault(run => run.Samples.Length > 0) is not { } run)
                continue;
            string entropy = method.Generated.Main is { } main && method.Generated.Quality(main, SampleEntropy.Metric) is { } found
                ? $" · entropy {found.Text(NumberFormat.Fixed(2))} {SampleEntropy.Metric.Unit}"
                : "";
            string file = links.To(run, $"samples/{run.Samples[0].Name}.txt");
            cards.Add($"<article><h3>{Markup.Link(method.Label, file, "the whole sample")}<span>{Markup.Escape(entropy)}</span></h3>"
                + $"<pre>{Markup.Escape(Cut(run.Samples[0].Text))}</pre></article>\n");
        }

        int open = cards.Sum(card => card.Length) > Long + (cards.Count * Overhead) ? Math.Min(Open, cards.Count) : cards.Count;
        string rest = open == cards.Count
            ? ""
            : $"<details><summary>{cards.Count - open} more</summary>\n<div class=\"samples\">\n{string.Concat(cards.Skip(open))}</div>\n</details>\n";
        return cards.Count == 0
            ? ""
            : "<p>The first text that each method generated, not chosen. Entropy is that of the symbols within a sample; "
                + "repetition lowers it.</p>\n<div class=\"samples\">\n" + string.Concat(cards.Take(open)) + "</div>\n" + rest;
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
