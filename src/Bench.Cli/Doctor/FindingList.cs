using Spectre.Console;

namespace Bench.Cli.Doctor;

/// <summary>Prints findings, each with its fix below it.</summary>
internal static class FindingList
{
    public static void Write(CliEnvironment environment, IReadOnlyList<Finding> findings)
    {
        var console = environment.Draw();
        int width = findings.Max(finding => finding.Name.Length);
        foreach (var finding in findings)
        {
            var (word, colour) = finding.Verdict switch
            {
                Verdict.Ok => ("ok", Color.Green),
                Verdict.Weak => ("note", Color.Yellow),
                _ => ("MISSING", Color.Red),
            };
            Write(environment, console, word.PadRight(8), colour);
            environment.Output.WriteLine($"{finding.Name.PadRight(width)}  {finding.Found}");
            if (finding.Fix is { } fix)
                environment.Output.WriteLine($"{new string(' ', 10 + width)}→ {fix}");
        }

        int missing = findings.Count(finding => finding.Verdict == Verdict.Missing);
        environment.Output.WriteLine(missing == 0 ? "Everything that is needed is here." : $"{missing} of {findings.Count} are missing: 'make setup' installs what it can.");
    }

    private static void Write(CliEnvironment environment, IAnsiConsole console, string word, Color colour)
    {
        if (environment.IsTerminal)
            console.Write(new Text(word, new Style(colour)));
        else
            environment.Output.Write(word);
    }
}
