namespace Bench.Experiments.Definitions.Yaml;

/// <summary>
/// One section written over another: sections go key by key, lists and values replace, and so do sections that say their <c>kind</c>.
/// </summary>
internal static class Merging
{
    // What is written in one way displaces what the section underneath writes in the other.
    private static readonly string[][] Alternatives = [["method", "methods"], ["steps", "tokens", "minutes"]];

    /// <summary>Keys that cannot stand beside one.</summary>
    public static IEnumerable<string> Displaced(string name) =>
        Alternatives.Where(group => group.Contains(name)).SelectMany(group => group).Where(other => other != name);

    public static Mapping Over(Mapping under, Mapping over)
    {
        string[] displaced = [.. Alternatives.Where(group => group.Any(name => over[name] is not null)).SelectMany(group => group)];
        var merged = over with { Entries = [] };
        foreach (var entry in under.Entries.Where(entry => !displaced.Contains(entry.Key.Text) || over[entry.Key.Text] is not null))
            merged = merged.With(entry.Key, entry.Value);
        foreach (var (key, value) in over.Entries)
        {
            merged = merged.With(
                key, merged[key.Text] is Mapping below && value is Mapping above && above["kind"] is null ? Over(below, above) : value);
        }

        return merged;
    }
}
