
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions;

/// <summary>Values to try, key by key: every combination of them is a definition of its own.</summary>
internal sealed class Sweep
{
    /// <summary>Combinations, and runs, of a definition: more than that is taken for a mistake.</summary>
    public const int Most = 4096;

    private static readonly Dictionary<string, string> Unswept = new(StringComparer.Ordinal)
    {
        ["name"] = "An experiment has one name; its runs differ by what is varied.",
        ["question"] = "An experiment asks one question.",
        ["cites"] = "Citations change no run.",
        ["profile"] = "Write a definition for each profile.",
        ["sweep"] = "A sweep is no part of a run.",
        ["seeds"] = "Write the list under 'seeds': each method runs with each of them.",
        ["methods"] = "Write the list under 'methods': each of them runs.",
        ["method"] = "Write a list under 'methods', or vary what is inside, such as method.noise.gamma.",
        ["method.name"] = "Runs differ by what is varied.",
        ["method.title"] = "Runs differ by what is varied.",
    };

    private readonly ImmutableArray<(Scalar Key, ImmutableArray<Node> Values)> variables;

    private Sweep(ImmutableArray<(Scalar Key, ImmutableArray<Node> Values)> variables) => this.variables = variables;

    /// <summary>The dotted keys.</summary>
    public IEnumerable<string> Keys => variables.Select(variable => variable.Key.Text);

    /// <summary>The definition without its sweep, and the sweep; null where it has none, or one that cannot be read.</summary>
    public static (Mapping Definition, Sweep? Sweep) Split(Mapping definition, Diagnostics report)
    {
        string name = ExperimentKeys.Sweep.Name;
        if (definition[name] is not { } written)
            return (definition, null);
        var rest = definition.Without(name);
        var sweep = Of(written, name, report);
        return (sweep is null ? WithFirst(rest, written, report) : rest, sweep);
    }

    /// <summary>Reads the section.</summary>
    public static Sweep? Of(Node node, string path, Diagnostics report)
    {
        int before = report.Count;
        if (node is not Mapping section)
        {
            new SweepKind().Refuse(node, path, report);
            return null;
        }

        if (section.Entries.IsEmpty)
            report.Add(section, "sweep names no key", "Write a list by dotted key, such as model.width: [64, 128], or leave sweep out.");
        foreach (var (key, value) in section.Entries)
            Check(key, value, section, report);
        if (report.Count > before)
            return null;
        var keys = section.Entries.Select(entry => (entry.Key, ((Sequence)entry.Value).Items)).ToImmutableArray();
        double combinations = keys.Aggregate(1.0, (product, variable) => product * variable.Items.Length);
        if (combinations > Most)
        {
            report.Add(
                section,
                $"sweep has {combinations:0} combinations, but {Most} at most are read",
                "Vary fewer keys at once, or write several definitions.");
        }

        return report.Count > before ? null : new Sweep(keys);
    }

    /// <summary>Every combination, the last key varying fastest.</summary>
    public IEnumerable<(Mapping Definition, ImmutableArray<Variation> Varied)> Over(Mapping definition, Diagnostics report)
    {
        IEnumerable<(Mapping Definition, ImmutableArray<Variation> Varied)> all = [(definition, [])];
        foreach (var (key, values) in variables)
        {
            string[] path = key.Text.Split('.');
            all =
                from before in all
                from value in values
                select (Set(before.Definition, path, key, value, report), before.Varied.Add(new(key.Text, NodeJson.Text(value))));
        }

        return all;
    }

    /// <summary>
    /// Runs that are one and the same, since what is varied does not touch them, become one; it keeps of what is varied what all of them
    /// share.
    /// </summary>
    public ImmutableArray<RunSpec> Collapse(IEnumerable<RunSpec> runs, Diagnostics report, CancellationToken stop = default)
    {
        var kept = new List<RunSpec>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            stop.ThrowIfCancellationRequested();
            string measured = run.Definition("").Measured;
            if (places.TryAdd(measured, kept.Count))
                kept.Add(run);
            else
                kept[places[measured]] = Shared(kept[places[measured]], run);
        }

        var set = kept.SelectMany(run => run.Varied).Select(varied => varied.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, values) in variables.Where(variable => variable.Values.Length > 1 && !set.Contains(variable.Key.Text)))
        {
            report.Add(
                key,
                $"sweep.{key.Text} has {values.Length} values, but changes none of the runs",
                "Leave it out: no method here depends on it.");
        }

        return [.. kept];
    }

    // A sweep that is refused does not hide errors elsewhere: the first value of each list stands in for it.
    private static Mapping WithFirst(Mapping definition, Node written, Diagnostics report)
    {
        foreach (var (key, value) in (written as Mapping)?.Entries ?? [])
        {
            if (value is Sequence { Items: [var first, ..] } && !IsUnswept(key.Text))
                definition = Set(definition, key.Text.Split('.'), key, first, report);
        }

        return definition;
    }

    private static bool IsUnswept(string path) =>
        Unswept.ContainsKey(path) || path.EndsWith(".kind", StringComparison.Ordinal) || HasGap(path);

    private static bool IsIn(string path, string section) => path.StartsWith(section + ".", StringComparison.Ordinal);

    private static bool HasGap(string path) => path.Split('.').Any(string.IsNullOrWhiteSpace);

    // Whether only one of two keys can be there.
    private static bool Excludes(string path, string other)
    {
        int end = path.LastIndexOf('.') + 1;
        return Merging.Displaced(path[end..]).Any(name => path[..end] + name == other);
    }

    private static RunSpec Shared(RunSpec first, RunSpec other) => first with { Varied = [.. first.Varied.Intersect(other.Varied)] };

    private static void Check(Scalar key, Node value, Mapping section, Diagnostics report)
    {
        string path = key.Text;
        if (Unswept.TryGetValue(path, out string? advice))
            report.Add(key, $"{path} cannot be swept", advice);
        else if (path.EndsWith(".kind", StringComparison.Ordinal))
        {
            report.Add(
                key,
                $"{path} cannot be swept: each kind has keys of its own",
                $"Vary the whole section: {path[..^5]}: [{{ kind: ... }}, {{ kind: ... }}].");
        }
        else if (HasGap(path))
        {
            report.Add(
                key,
                $"'{path}' in sweep names no key",
                "Write the sections that a key is in and the key itself, with dots between them, such as model.width.");
        }

        if (section.Entries.FirstOrDefault(other => !HasGap(other.Key.Text) && IsIn(path, other.Key.Text)) is { } outer)
            report.Add(key, $"sweep varies {path} and {outer.Key.Text}, which holds it", "Keep one of the two.");
        if (section.Entries.TakeWhile(other => other.Key != key).FirstOrDefault(other => Excludes(other.Key.Text, path)) is { } rival)
            report.Add(key, $"sweep varies {rival.Key.Text} and {path}, but only one of them can be there", "Keep one of the two.");
        if (value is not Sequence list)
        {
            report.Add(
                value,
                $"sweep.{path} is {value.Description}, but it is a list of values",
                value is Scalar { IsNothing: false } single ? $"Write [{single.Text}]." : "Write a list such as [64, 128].");
            return;
        }

        if (list.Items.IsEmpty)
            report.Add(list, $"sweep.{path} is an empty list", "Write the values to try, or leave the key out.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items.Where(item => !seen.Add(NodeJson.Text(item))))
            report.Add(item, $"sweep.{path} has this value twice", "Keep one of the two.");
    }

    // The key stands where the sweep has it, so that an unknown one is pointed out there.
    private static Mapping Set(Mapping section, ReadOnlySpan<string> path, Scalar key, Node value, Diagnostics report)
    {
        var name = key with { Text = path[0] };
        if (path.Length == 1)
        {
            // As a definition is written over its profile.
            var written = value is Mapping over && over["kind"] is null && section[name.Text] is Mapping under
                ? Merging.Over(under, over)
                : value;
            return Merging.Displaced(name.Text).Aggregate(section, (rest, other) => rest.Without(other)).With(name, written);
        }

        switch (section[path[0]])
        {
            case null:
                return section.With(name, Set(new Mapping(key.Line, key.Column, []) { File = key.File }, path[1..], key, value, report));
            case Mapping inner:
                return section.With(
                    section.Entries.First(entry => entry.Key.Text == name.Text).Key, Set(inner, path[1..], key, value, report));
            case var other:
                report.Add(
                    key,
                    $"sweep varies {key.Text}, but {path[0]} is {other.Description}, which has no keys",
                    path[0] is "methods" or "method"
                        ? "Write the method as a section: method: { name: my-method, from: gamma, ... }."
                        : $"Write {path[0]} as a section of keys.");
                return section;
        }
    }
}

/// <summary>
/// Lists of values by dotted key. They are set before anything is read (<see cref="Sweep"/>), so that each combination is read as a
/// definition of its own.
/// </summary>
internal sealed class SweepKind : Kind<Sweep>
{
    /// <inheritdoc/>
    public override string Expected => "a section of lists by dotted key, such as model.width: [64, 128]";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new()
        {
            ["type"] = "object",
            ["additionalProperties"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true },
        };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Sweep value)
    {
        value = Sweep.Of(node, path, report)!;
        return value is not null;
    }

    /// <summary>Reports a value that is no section at all.</summary>
    public void Refuse(Node node, string path, Diagnostics report) => Refuse(node, path, report, out _);
}
