using Bench.Experiments.Definitions;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>The files that definitions need and that the user brings: which are there, and where the others come from.</summary>
internal static class NeededFiles
{
    /// <summary>Prints them where some are not there, and ends the command.</summary>
    /// <exception cref="ProblemsException">Files are not there; with them, all else that is wrong with the definitions.</exception>
    public static void Require(CliEnvironment environment, Reading reading)
    {
        var missing = reading.Needed.Where(file => !file.IsThere).ToList();
        if (missing.Count == 0)
            return;
        TableDisplay.Write(environment, Table(reading));
        throw new ProblemsException(
        [
            .. reading.Problems.Where(problem => missing.TrueForAll(file => file.Absence != problem.What)),
            new Problem(
                "files", $"{missing.Count} of {reading.Needed.Length} that these definitions need are not there",
                "'bench check' with the same definitions says how each is got; what is there already is kept."),
        ]);
    }

    private static TextTable Table(Reading reading) => TableDisplay.Words(
        "Files that these definitions need",
        ["File", "Kind", "Size", "Is there", "From"],
        reading.Needed.OrderBy(file => file.IsThere).Select(file => (System.Collections.Immutable.ImmutableArray<string>)
            [file.Path, file.Kind, file.Size, file.IsThere ? "yes" : "no", file.From]),
        "Sizes are about right; where files come from is what papers and their repositories say (experiments/published/files.csv).");
}
