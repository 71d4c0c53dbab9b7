using Bench.Cli.Examination;
using Spectre.Console;

namespace Bench.Cli.Display;

/// <summary>Prints findings, each with its fix below it.</summary>
internal static class FindingList
{
    public static void Write(Surroundings here, IReadOnlyList<Finding> findings)
    {
        var console = here.Draw();
        int width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var (word, colour) = finding.Verdict switch
            {
                Verdict.Ok => ("ok", Color.Green),
                Verdict.Weak => ("note", Color.Yellow),
                _ => ("MISSING", Color.Red),
            };
            Write(here, console, word.PadRight(8), colour);
            here.Output.WriteLine($"{finding.Name.PadRight(width)}  {finding.Found}");
            if (finding.Fix is { } fix)
                here.Output.WriteLine($"{new string(' ', 10 + width)}→ {fix}");
        }

        int missing = findings.Count(finding => finding.Verdict == Verdict.Missing);
        here.Output.WriteLine(missing == 0 ? "Everything that is needed is here." : $"{missing} of {findings.Count} are missing: 'make setup' installs what it can.");
    }

    private static void Write(Surroundings here, IAnsiConsole console, string word, Color colour)
    {
        if (here.IsTerminal)
            console.Write(new Text(word, new Style(colour)));
        else
            here.Output.Write(word);
    }
}
