using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Hyperschedules;

/// <summary>
/// The levels of a hyperschedule written out, step by position: what rules they obey, and how they are read and written as CSV.
/// </summary>
/// <remarks>
/// A file has one line a step, from pure noise to settled, one whole number a position, separated by commas, and no header.
/// </remarks>
public static class LevelTable
{
    /// <summary>Levels in a table, at most: it is all held in memory.</summary>
    public const int MostLevels = 1 << 22;

    /// <summary>[steps + 1][L] levels.</summary>
    public static ImmutableArray<ImmutableArray<int>> Of(Hyperschedule hyperschedule) =>
        [.. Enumerable.Range(0, hyperschedule.Steps + 1)
            .Select(step => Enumerable.Range(0, hyperschedule.Length).Select(i => hyperschedule.LevelAt(step, i)).ToImmutableArray())];

    /// <summary>The lines of a file.</summary>
    public static IEnumerable<string> Lines(Hyperschedule hyperschedule) => Of(hyperschedule).Select(row => string.Join(',', row));

    /// <summary>What is wrong with a table: everything at once, row by row.</summary>
    /// <param name="levels">[steps + 1][L].</param>
    /// <param name="where">The place of a step and position, for messages.</param>
    public static IEnumerable<Problem> Problems(IReadOnlyList<IReadOnlyList<int>> levels, Func<int, int, string> where)
    {
        if (levels.Count == 0 || levels[0].Count == 0)
            return [new(where(0, 0), "the table is empty", "Write one row a step, and in it one level a position.")];
        int depth = levels[0].Max(), length = levels[0].Count;
        return from step in Enumerable.Range(0, levels.Count)
               from problem in Row(step)
               select problem;

        IEnumerable<Problem> Row(int step)
        {
            var row = levels[step];
            if (row.Count != length)
                yield return new(
                    where(step, Math.Min(row.Count, length)), $"this row has {row.Count} levels, but the first has {length}",
                    "Give every row one level a position.");
            for (int i = 0; i < Math.Min(row.Count, length); i++)
            {
                if (Cell(step, i) is { } broken)
                    yield return new(where(step, i), broken.What, broken.Fix);
            }
        }

        (string What, string Fix)? Cell(int step, int i)
        {
            int level = levels[step][i];
            int? before = step > 0 && i < levels[step - 1].Count ? levels[step - 1][i] : null;
            if (level < 0)
                return ($"the level is {level}, but 0 is settled and nothing is cleaner", "Write 0.");
            if (step == 0 && level != Math.Max(1, depth))
                return ($"the first level is {level}, but every position starts at pure noise, {Math.Max(1, depth)}",
                    "Begin the table with a row in which all levels are that one; a prompt is no part of it.");
            if (before < level)
                return ($"the level rises from {before} to {level}, but a step only removes noise", $"Write {before} or less.");
            return step == levels.Count - 1 && level != 0
                ? ($"the last level is {level}, but in the end every position is settled", "Add steps until all levels are 0.") : null;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="text">Its text.</param>
    public static LevelTableReading Read(string file, string text)
    {
        var (levels, columns, problems) = (new List<int[]>(), new List<int[]>(), new List<Problem>());
        string[] lines = text.TrimEnd().Split('\n');
        foreach (var (line, row) in lines.Index())
        {
            string[] fields = row.TrimEnd('\r').Split(',');
            int[] starts = new int[fields.Length], numbers = new int[fields.Length];
            for (int i = 0; i < fields.Length; i++)
            {
                starts[i] = i == 0 ? 1 : starts[i - 1] + fields[i - 1].Length + 1;
                if (!int.TryParse(fields[i], out numbers[i]))
                    problems.Add(
                        new($"{file}:{line + 1}:{starts[i]}", $"'{fields[i]}' is no whole number",
                            "Write a level: 0 is settled, and the first row's is pure noise. There is no header."));
            }

            levels.Add(numbers);
            columns.Add(starts);
        }

        // A field that is no number would be reported a second time as a level that breaks rules.
        if (problems.Count == 0)
            problems.AddRange(
                Problems(levels, (line, i) =>
                    $"{file}:{line + 1}:{(i < columns[line].Length ? columns[line][i] : lines[line].TrimEnd('\r').Length + 1)}"));
        return new(problems.Count == 0 ? Hyperschedule.FromTable(levels, Path.GetFileNameWithoutExtension(file)) : null, [.. problems]);
    }
}

/// <summary>What a file of levels came to: a hyperschedule, or what is wrong with it.</summary>
/// <param name="Path">Null where there are problems.</param>
/// <param name="Problems">All of them, in the order of the file.</param>
public sealed record LevelTableReading(Hyperschedule? Path, ImmutableArray<Problem> Problems);
