using Bench.Cli;
using Bench.Cli.Commands;
using Bench.Experiments.Machine;
using Bench.Tests.Data;

namespace Bench.Tests.Cli;

/// <summary>The program, run inside this process, with a folder, a cache and a results folder of its own, and without npm.</summary>
internal sealed class Shell : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public string Results => Folder["results"];

    public string Cache => Folder["cache"];

    public string Npm { get; set; } = "/nowhere/npm";

    public string? EngineProblem { get; set; }

    public string? ClusterPrograms { get; set; }

    public bool IsTerminal { get; set; }

    /// <summary>The suite's work tree; by default a folder that is none.</summary>
    public string? Checkout { get; set; }

    /// <summary>Processes at work on the machine; null where the number is unknown.</summary>
    public double? Load { get; set; }

    /// <summary>The machine to plan for; null for this one.</summary>
    public MachineLimits? Limits { get; set; }

    /// <summary>Runs a command. Paths that differ from run to run are shown as {folder}.</summary>
    public Answer Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment(output, error) { CacheFolder = Cache, Npm = Npm, ClusterPrograms = ClusterPrograms,
            IsTerminal = IsTerminal, Checkout = Checkout ?? Folder.Path, Load = () => Load };
        if (EngineProblem is { } problem)
            environment = environment with { EngineProblem = () => problem };
        string[] results = arguments.Contains("--results") ? [] : ["--results", Results];
        if (Limits is { } limits)
            environment = environment with { Limits = _ => limits };
        int code = Application.Run([.. arguments, .. results], environment);
        return new(code, Neutral(output), Neutral(error));
    }

    /// <summary>Runs commands and shows them with their answers, as one would see them in a terminal.</summary>
    public string Transcript(params string[] commands) =>
        string.Join('\n', commands.Select(command => $"$ bench {command}\n{Run(Arguments(command))}"));

    private string[] Arguments(string command) =>
        [.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Replace("{folder}", Folder.Path, StringComparison.Ordinal))];

    public void Dispose() => Folder.Dispose();

    private string Neutral(StringWriter text) => text.ToString().Replace(Folder.Path, "{folder}", StringComparison.Ordinal);
}
