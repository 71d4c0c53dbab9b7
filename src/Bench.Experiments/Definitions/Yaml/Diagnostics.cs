
using Bench.Results;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>Collects what is wrong with a file and the profile under it, so that all of it is reported at once.</summary>
/// <param name="file">The file as the user named it.</param>
internal sealed class Diagnostics(string file)
{
    private readonly Dictionary<Problem, (string File, long Line, long Column)> problems = [];

    /// <summary>The file as the user named it.</summary>
    public string File => file;

    /// <summary>Each once, in the order of the file; those of its profile behind.</summary>
    public IEnumerable<Problem> Problems => problems
        .OrderBy(found => found.Value.File != file).ThenBy(found => found.Value.File, StringComparer.Ordinal)
        .ThenBy(found => found.Value.Line).ThenBy(found => found.Value.Column)
        .Select(found => found.Key);

    /// <summary>How often something was found wrong, the same twice included: it grows with every value that is refused.</summary>
    public int Count { get; private set; }

    public void Add(Node at, string what, string fix) => Add(at.File.Length > 0 ? at.File : file, at.Line, at.Column, what, fix);

    public void Add(long line, long column, string what, string fix) => Add(file, line, column, what, fix);

    /// <summary>Takes all that is wrong with another file.</summary>
    public void Add(Diagnostics other)
    {
        foreach (var (problem, place) in other.problems)
            problems.TryAdd(problem, place);
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
