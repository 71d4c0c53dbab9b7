using System.ComponentModel;
using System.Diagnostics;

namespace Bench.Cli.Examination;

/// <summary>Programs that the suite calls.</summary>
internal static class ProgramExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Finding Sdk() => Ask("dotnet", "--version") is { } version
        ? Finding.Ok(".NET SDK", version)
        : new(".NET SDK", Verdict.Weak, "not on the path; it is needed to build", "Install the .NET SDK 10 and put dotnet on the path.");

    public static Finding Npm(string? npm, bool corpusIsHere)
    {
        if (Ask(npm ?? "npm", "--version") is { } version)
            return Finding.Ok("npm", version);
        return corpusIsHere
            ? new("npm", Verdict.Weak, "not on the path; the default corpus is here, others cannot be downloaded", "apt-get install npm")
            : new("npm", Verdict.Missing, "not on the path; corpora are downloaded with it", "apt-get install npm");
    }

    /// <summary>The first line that a program says; null when it cannot be started or fails.</summary>
    private static string? Ask(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, [argument]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false });
            if (process is null)
                return null;
            var errors = process.StandardError.ReadToEndAsync(); // a full pipe would stop the program
            var answer = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            Task.WaitAll(answer, errors);
            return process.ExitCode == 0 ? answer.Result.Split('\n')[0].Trim() : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
