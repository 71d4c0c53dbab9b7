using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Machine;
using Bench.Experiments.Running;
using Bench.Kernels;
using Spectre.Console;

namespace Bench.Cli;

/// <summary>The program's environment: output, terminal, folders, signals. Tests replace it.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Problems and failures.</param>
internal sealed record CliEnvironment(TextWriter Output, TextWriter Error)
{
    /// <summary>Results; what is invisible in them is shown as escapes.</summary>
    public TextWriter Output { get; init; } = new VisibleWriter(Output);

    /// <summary>Problems and failures; what is invisible in them is shown as escapes.</summary>
    public TextWriter Error { get; init; } = new VisibleWriter(Error);

    /// <summary><see cref="Output"/> without escaping: for drawing, or for text as it is.</summary>
    public TextWriter RawOutput => Output is VisibleWriter { Inner: var inner } ? inner : Output;

    /// <summary><see cref="Error"/> without escaping, for drawing.</summary>
    public TextWriter RawError => Error is VisibleWriter { Inner: var inner } ? inner : Error;

    /// <summary>Whether the output is a terminal: progress is drawn in place. Otherwise it comes as lines.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The same of <see cref="Error"/>.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether colours are wanted in a terminal (no-color.org).</summary>
    public bool HasColour { get; init; } = true;

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = 120;

    /// <summary>Lines of the terminal.</summary>
    public int Height { get; init; } = 40;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The cache folder; null for the user's.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The npm program; null for the one on the path.</summary>
    public string? Npm { get; init; }

    /// <summary>A folder with Slurm's programs; null for those on the path.</summary>
    public string? ClusterPrograms { get; init; }

    /// <summary>A folder inside the work tree of the suite.</summary>
    public string Checkout { get; init; } = AppContext.BaseDirectory;

    /// <summary>The command line that starts this program.</summary>
    public ImmutableArray<string> Program { get; init; } = Started();

    /// <summary>Why libtorch cannot be used; null when it can.</summary>
    public Func<string?> EngineProblem { get; init; } = () => Engine.Problem;

    /// <summary>What there is for runs to take, given the folder of the results.</summary>
    public Func<string, MachineLimits> Limits { get; init; } = MachineLimits.Of;

    /// <summary>Processes at work on this machine, on average; null where it is not needed.</summary>
    public Func<double?> Load { get; init; } = () => null;

    /// <summary>What is typed, or what another process says.</summary>
    public TextReader Input { get; init; } = TextReader.Null;

    /// <summary>How long to wait before a run that another process holds is tried again.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Cancelled when the program is asked to end.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Cancelled on the second request: the process ends at once, and what it started has to end with it.</summary>
    public CancellationToken StopNow { get; init; }

    /// <summary>Leads other processes that train along; null for a process alone.</summary>
    public RankLeader? Ranks { get; init; }

    /// <summary>Threads of the tensor engine where the command line gives none; null for one for each core.</summary>
    public int? OwnThreads { get; init; }

    /// <summary>Begins something that heeds <see cref="Stop"/> in its own time, to save its work; disposed at its end.</summary>
    public Func<IDisposable?> Save { get; init; } = () => null;

    /// <summary>The console of the process.</summary>
    public static CliEnvironment OfProcess(Interruption interruption)
    {
        bool draws = Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb"),
            terminal = !Console.IsOutputRedirected && draws;
        return new(new StoppableWriter(Console.Out, interruption.Token), new StoppableWriter(Console.Error, interruption.Token))
        {
            IsTerminal = terminal,
            IsErrorTerminal = !Console.IsErrorRedirected && draws,
            HasColour = Environment.GetEnvironmentVariable("NO_COLOR") is null or "",
            Width = terminal ? Math.Max(60, Console.WindowWidth) : 120,
            Height = terminal ? Math.Max(10, Console.WindowHeight) : 40,
            Load = MachineLoad.Read,
            Input = Console.In,
            Stop = interruption.Token,
            StopNow = interruption.Now,
            Save = interruption.Save,
        };
    }

    // By its own name, or by that of the runtime.
    private static ImmutableArray<string> Started() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) is "bench" or "Bench.Cli"
        ? [path]
        : [Environment.ProcessPath is { } runtime && Path.GetFileNameWithoutExtension(runtime) == "dotnet" ? runtime : "dotnet",
            Path.Combine(AppContext.BaseDirectory, "Bench.Cli.dll")];

    /// <summary>A console that draws on <see cref="Output"/>.</summary>
    public IAnsiConsole Draw()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(RawOutput),
        });
        console.Profile.Width = Width;
        console.Profile.Height = Height;
        return console;
    }
}

/// <summary>How busy this machine is with other processes.</summary>
internal static class MachineLoad
{
    /// <summary>Processes that were at work in the last minute, on average; null where the system does not say.</summary>
    public static double? Read()
    {
        const string File = "/proc/loadavg"; // "0.52 1.18 2.97 2/345 6789"
        try
        {
            string first = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File).Split(' ')[0] : "";
            return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out double load) ? load : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
