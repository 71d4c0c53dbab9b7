using System.Collections.Immutable;
using System.Globalization;
using Bench.Reporting.Tables;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Reporting.TableBuilders;

/// <summary>Where the runs were made: one column a distinct environment, whatever the date.</summary>
internal static class EnvironmentTable
{
    public static Table Build(ImmutableArray<RunRecord> runs)
    {
        var places = runs
            .Where(run => run.Environment is not null)
            .GroupBy(run => run.Environment! with { Date = default })
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.First().Folder, StringComparer.Ordinal)
            .ToList();
        int unknown = runs.Count(run => run.Environment is null);

        Row Line(string field, Func<EnvironmentRecord, string> text) =>
            Said(field, places.Select(place => text(place.Key)));
        return new Table(
            "environment",
            "Where and with what the numbers were made.",
            [
                new("field", "Environment") { Alignment = Alignment.Left },
                .. places.Select(
                    (_, i) => new Column($"value_{i + 1}", places.Count == 1 ? "Value" : $"{i + 1}") { Alignment = Alignment.Left }),
            ],
            [
                Line("Commit", e => e.Commit),
                Line("Device", e => e.Device),
                Line("Threads", e => e.Threads.ToString(CultureInfo.InvariantCulture)),
                Line("CPU", e => e.Cpu),
                Line("Cores", e => e.Cores.ToString(CultureInfo.InvariantCulture)),
                Line("Memory", e => $"{(e.MemoryMib / 1024.0).ToString("F1", CultureInfo.InvariantCulture)} GiB"),
                Line("libtorch", e => e.Libtorch),
                Line(".NET", e => e.Dotnet),
                Line("Operating system", e => e.Os),
                Said("Runs", places.Select(place => place.Count().ToString(CultureInfo.InvariantCulture))),
                Said("Dates (UTC)", places.Select(Dates)),
            ],
            [
                .. unknown == 0 ? [] : (string[])[$"Runs that ended before their environment was recorded: {unknown}."],
                .. MissingHashes.Note(runs) is { } note ? (string[])[note] : [],
            ]);
    }

    private static Row Said(string field, IEnumerable<string> words) =>
        new([new Cell.Words(field), .. words.Select(text => new Cell.Words(text))]);

    private static string Dates(IEnumerable<RunRecord> runs)
    {
        string[] days = [.. runs.Select(run => run.Environment!.Date.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return days.Length == 1 ? days[0] : $"{days[0]} to {days[^1]}";
    }
}
