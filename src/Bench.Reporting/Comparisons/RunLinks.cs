using Bench.Results.Runs;

namespace Bench.Reporting.Comparisons;

/// <summary>From a number to the file it was read from: links relative to the report's folder.</summary>
public sealed class RunLinks(string outputRoot)
{
    /// <summary>A file of a run, or its folder when the name is empty.</summary>
    public string To(RunRecord run, string file = "")
    {
        string relative = Path.GetRelativePath(Path.GetFullPath(outputRoot), Path.Combine(run.Folder, file));
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar, '/').Select(Uri.EscapeDataString))
            + (file.Length == 0 ? "/" : "");
    }

    /// <summary>Where a row's numbers come from: a file of its one run, or the list of its runs on the page.</summary>
    public string? To(MethodResult method, string file = "metrics.csv") => method.Finished switch
    {
        [] => null,
        [var only] => To(only, file),
        [var first, ..] => "#" + Anchor(first),
    };

    /// <summary>The definition of a row; with several seeds, of the first.</summary>
    public string ToDefinition(MethodResult method) => To(method.Runs[0], "definition.json");

    /// <summary>The run's place in the page's list of runs.</summary>
    public static string Anchor(RunRecord run) => $"run-{run.Id}";
}
