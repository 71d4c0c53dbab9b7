
using Bench.Results;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>Collects what is wrong with a file and the profile under it, so that all of it is reported at once.</summary>
/// <param name="file">The file as the user named it.</param>
internal sealed class Diagnostics(string file)
{
    private readonly Dictionary<Problem, (string File, long Line, long Column)> problems = [];
    private readonly List<NeededFile> needed = [];

    /// <summary>The file as the user named it.</summary>
    public string File => file;

    /// <summary>Each once, in the order of the file; those of its profile behind.</summary>
    public IEnumerable<Problem> Problems => problems
        .OrderBy(found => found.Value.File != file).ThenBy(found => found.Value.File, StringComparer.Ordinal)
        .ThenBy(found => found.Value.Line).ThenBy(found => found.Value.Column)
        .Select(found => found.Key);

    /// <summary>How often something was found wrong, the same twice included: it grows with every value that is refused.</summary>
    public int Count { get; private set; }

    /// <summary>Files that the user brings, each once, in the order in which they are named.</summary>
    public IEnumerable<NeededFile> Needed => needed.DistinctBy(file => file.Path);

    /// <summary>Takes a file that the user brings; where it is not there, that is a problem.</summary>
    /// <param name="at">Where it is named.</param>
    /// <param name="file">The file.</param>
    /// <param name="what">What is wrong where it is not there.</param>
    /// <param name="fix">How it is got.</param>
    public void Need(Node at, NeededFile file, string what, string fix)
    {
        if (!file.IsThere)
            Add(at, what, fix);
        needed.Add(file with { Absence = file.IsThere ? null : what });
    }

    public void Add(Node at, string what, string fix) => Add(at.File.Length > 0 ? at.File : file, at.Line, at.Column, what, fix);

    public void Add(long line, long column, string what, string fix) => Add(file, line, column, what, fix);

    /// <summary>Takes all that is wrong with another file.</summary>
    public void Add(Diagnostics other)
    {
        foreach (var (problem, place) in other.problems)
            problems.TryAdd(problem, place);
        needed.AddRange(other.needed);
        Count += other.Count;
    }

    // The combinations of a sweep say the same of what they share.
    private void Add(string where, long line, long column, string what, string fix)
    {
        Count++;
        string place = line < 0 ? where : $"{where}:{Math.Max(1, line)}:{Math.Max(1, column)}";
        problems.TryAdd(new Problem(place, what, fix), (where, line, column));
    }
}

/// <summary>A file that a definition needs and that the user brings.</summary>
/// <param name="Kind">What it is: weights, or a text.</param>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where it belongs.</param>
/// <param name="Size">About how large it is, as text.</param>
/// <param name="From">Where it comes from.</param>
/// <param name="IsThere">Whether it is there.</param>
public sealed record NeededFile(string Kind, string Name, string Path, string Size, string From, bool IsThere)
{
    /// <summary>The problem that it is not there, as reports have it; null where it is there.</summary>
    public string? Absence { get; init; }
}
