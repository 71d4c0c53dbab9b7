using Bench.Results;

namespace Bench.Experiments.Yaml;

/// <summary>Collects what is wrong with a file, so that all of it is told at once.</summary>
/// <param name="file">The file as the user named it.</param>
internal sealed class Report(string file)
{
    private readonly List<(long Line, long Column, Problem Problem)> _problems = [];

    /// <summary>In the order of the file.</summary>
    public IEnumerable<Problem> Problems => _problems.OrderBy(found => found.Line).ThenBy(found => found.Column).Select(found => found.Problem);

    /// <summary>How many there are.</summary>
    public int Count => _problems.Count;

    public void Add(Node at, string what, string fix) => Add(at.Line, at.Column, what, fix);

    public void Add(long line, long column, string what, string fix) =>
        _problems.Add((line, column, new Problem($"{file}:{Math.Max(1, line)}:{Math.Max(1, column)}", what, fix)));
}
