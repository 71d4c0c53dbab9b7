using System.Collections.Immutable;

namespace Bench.Experiments.Definitions.Yaml;

/// <summary>A value in a YAML file and where it begins, counted from 1; −1 where an option of the command line gives it.</summary>
internal abstract record Node(int Line, int Column)
{
    /// <summary>The file that it was written in, as the user named it; empty for a value that no file has.</summary>
    public string File { get; init; } = "";

    /// <summary>What it is, for messages.</summary>
    public abstract string Description { get; }
}

/// <summary>A single value.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Text">As the parser understood it.</param>
/// <param name="IsPlain">Written without quotes: the only way to write a number.</param>
internal sealed record Scalar(int Line, int Column, string Text, bool IsPlain) : Node(Line, Column)
{
    private const int Most = 40;

    /// <summary>Nothing, <c>~</c> and <c>null</c> are YAML's ways to write no value.</summary>
    public bool IsNothing => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    /// <inheritdoc/>
    public override string Description => IsNothing ? "nothing" : IsPlain ? Shown : $"the text '{Shown}'";

    private string Shown => Text.ReplaceLineEndings(" ") is { Length: > Most } text ? $"{text[..Most]}..." : Text.ReplaceLineEndings(" ");
}

/// <summary>Values one after the other.</summary>
internal sealed record Sequence(int Line, int Column, ImmutableArray<Node> Items) : Node(Line, Column)
{
    /// <inheritdoc/>
    public override string Description => Items.IsEmpty ? "an empty list" : "a list";
}

/// <summary>Values by name; every name is there once.</summary>
internal sealed record Mapping(int Line, int Column, ImmutableArray<Entry> Entries) : Node(Line, Column)
{
    /// <inheritdoc/>
    public override string Description => "a section of keys";

    /// <summary>The value of that name, or null.</summary>
    public Node? this[string name] => Entries.FirstOrDefault(entry => entry.Key.Text == name)?.Value;

    /// <summary>The same with another value of that name, in its place; null takes it away.</summary>
    public Mapping With(Scalar key, Node? value)
    {
        int at = Entries.Select(entry => entry.Key.Text).ToList().IndexOf(key.Text);
        if (value is null)
            return at < 0 ? this : this with { Entries = Entries.RemoveAt(at) };
        return this with { Entries = at < 0 ? Entries.Add(new(key, value)) : Entries.SetItem(at, new(key, value)) };
    }

    /// <summary>The same without a name.</summary>
    public Mapping Without(string name) => this with { Entries = [.. Entries.Where(entry => entry.Key.Text != name)] };
}

/// <summary>A name and its value.</summary>
internal sealed record Entry(Scalar Key, Node Value);

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
