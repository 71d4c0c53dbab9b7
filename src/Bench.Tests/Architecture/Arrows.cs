namespace Bench.Tests.Architecture;

/// <summary>Which part may use which: a line "A -> B, C" draws arrows, and use is transitive.</summary>
internal sealed class Arrows
{
    private readonly Dictionary<string, HashSet<string>> direct = [];

    public Arrows(string drawing)
    {
        foreach (string line in drawing.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] levels = line.Split("->", StringSplitOptions.TrimEntries);
            foreach (var (from, to) in levels.Zip(levels.Skip(1)))
            {
                foreach (string user in Names(from))
                    direct.TryAdd(user, []);
                foreach (string used in Names(to))
                {
                    direct.TryAdd(used, []);
                    foreach (string user in Names(from))
                        direct[user].Add(used);
                }
            }
        }
    }

    public IEnumerable<string> Parts => direct.Keys;

    public bool Allow(string user, string used) => user == used || Reach(user, []).Contains(used);

    /// <summary>A part that can be reached from itself.</summary>
    public string? Cycle() => direct.Keys.FirstOrDefault(part => Reach(part, []).Contains(part));

    private HashSet<string> Reach(string from, HashSet<string> seen)
    {
        foreach (string next in direct.GetValueOrDefault(from, []).Where(seen.Add))
            Reach(next, seen);
        return seen;
    }

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.TrimEntries);
}
