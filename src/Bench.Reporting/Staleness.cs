using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Figures;
using Bench.Results;

namespace Bench.Reporting;

/// <summary>Whether a report still shows the results: by hashes, without drawing anything.</summary>
public static class Staleness
{
    /// <summary>What is stale, in sentences; none when the next report would be the same.</summary>
    /// <param name="resultsRoot">Holds <c>runs/&lt;experiment&gt;/&lt;id&gt;/</c>.</param>
    /// <param name="publishedRoot">Holds the published numbers.</param>
    /// <param name="figuresRoot">Holds the style file of figures.</param>
    /// <param name="outputRoot">Where the report is.</param>
    /// <param name="pictures">What a report would be given now.</param>
    /// <exception cref="SuiteException">A list of the report is damaged.</exception>
    public static ImmutableArray<string> Of(string resultsRoot, string publishedRoot, string figuresRoot, string outputRoot, params IReadOnlyList<PictureGrid> pictures)
    {
        if (Inputs.Of(outputRoot) is not { } then || Manifest.Of(outputRoot) is not { } made)
            return [$"There is no report in {outputRoot}, or one from before reports said what they are made from."];

        var now = Inputs.Now(resultsRoot, publishedRoot, figuresRoot, pictures).ToDictionary(pair => pair.Input, pair => pair.Hash, StringComparer.Ordinal);
        return
        [
            .. now.Keys.Except(then.Keys, StringComparer.Ordinal).Select(input => $"{input} is new."),
            .. then.Keys.Except(now.Keys, StringComparer.Ordinal).Select(input => $"{input} is gone."),
            .. now.Where(pair => then.TryGetValue(pair.Key, out string? before) && before != pair.Value).Select(pair => $"{pair.Key} has changed."),
            .. made.Where(pair => !File.Exists(Path.Combine(outputRoot, pair.Key))).Select(pair => $"{pair.Key} is missing from the report."),
            .. made.Where(pair => Path.Combine(outputRoot, pair.Key) is var path && File.Exists(path) && Inputs.OfFile(path) != pair.Value).Select(pair => $"{pair.Key} was edited after it was made."),
        ];
    }
}
