using System.CommandLine;

namespace Bench.Cli.Options;

/// <summary>How many runs are at work at once.</summary>
internal static class JobsOption
{
    private const int Most = 1024;

    public static Option<int?> Of() => WholeNumber.Option("--jobs", "Runs at work at once, each in a process of its own with its share of the cores; by default one", least: 1, most: Most);
}
