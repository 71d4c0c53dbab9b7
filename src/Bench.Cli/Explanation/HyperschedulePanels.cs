using System.Collections.Immutable;
using System.Globalization;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Reporting.Figures;

namespace Bench.Cli.Explanation;

/// <summary>Hyperschedules of methods: the level by step (rows) and position (columns), as a share of the depth.</summary>
internal static class HyperschedulePanels
{
    public static PictureGrid Of(IEnumerable<(string Title, NetworkMethod Method)> methods, int length) =>
        Of(methods.Select(entry => (entry.Method.Name, entry.Title, entry.Method.Hyperschedule(length, length))));

    /// <summary>Any hyperschedules of one length, each with a name for its file.</summary>
    public static PictureGrid Of(IEnumerable<(string Name, string Title, Hyperschedule Path)> paths)
    {
        var all = paths.ToList();
        return new(
            "hyperschedules",
            PictureKind.Levels,
            $"Noise level of {all[0].Path.Length} positions (across) in the course of generation (down): dark is pure noise, white is settled.",
            [.. all.Select(entry => new PicturePanel(entry.Name, entry.Title, Rows(entry.Path)))]);
    }

    private static ImmutableArray<ImmutableArray<string>> Rows(Hyperschedule path) =>
        [.. Enumerable.Range(0, path.Steps + 1).Select(step => Enumerable.Range(0, path.Length).Select(i => path.TimeAt(step, i).ToString("0.####", CultureInfo.InvariantCulture)).ToImmutableArray())];
}
