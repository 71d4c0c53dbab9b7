
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>A section of keys: every key in it is known, and no other is accepted.</summary>
internal class Section(params ImmutableArray<Key> keys) : Kind<Values>
{
    /// <summary>In the order in which they are explained.</summary>
    public virtual ImmutableArray<Key> Keys => keys;

    /// <inheritdoc/>
    public override string Expected => $"a section with keys such as {string.Join(", ", Keys.Take(3).Select(key => key.Name))}";

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Keys.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)key.Schema()))),
        ["required"] = new JsonArray([.. Keys.Where(key => key.IsRequired).Select(key => JsonValue.Create(key.Name))]),
        ["additionalProperties"] = false,
    };

    /// <summary>The section with the keys that go with what is written: itself, where they do not depend on that.</summary>
    public virtual Section Of(Mapping written) => this;

    /// <summary>
    /// What is wrong with a key that does not go with what is written, but would with something else; null for other keys.
    /// </summary>
    public virtual (string What, string Fix)? Elsewhere(string key, Mapping written) => null;

    /// <summary>The section with the default of every key that it leaves out, in the order of the keys.</summary>
    public Mapping Filled(Mapping written)
    {
        var own = Of(written).Keys;
        var filled = written with { Entries = [.. written.Entries.Where(entry => own.All(key => key.Name != entry.Key.Text))] };
        foreach (var key in own)
        {
            var name = new Scalar(written.Line, written.Column, key.Name, IsPlain: true);
            var value =
                written[key.Name] ?? (key.Default is { } json ? NodeJson.Plain(NodeJson.Node(JsonNode.Parse(json)!, written)) : null);
            if (key.Section is { } inner && (value is Mapping || (value is null && !key.IsRequired)))
                value = inner.Filled(value as Mapping ?? written with { Entries = [] });
            if (value is not null)
                filled = filled.With(name, value);
        }

        return filled;
    }

    /// <summary>A spec with the values that were read.</summary>
    /// <param name="blank">The spec without values.</param>
    /// <param name="values">The values, all of them or their defaults.</param>
    public virtual TSpec Make<TSpec>(TSpec blank, Values values) =>
        keys.OfType<IKeyOf<TSpec>>().Aggregate(blank, (spec, key) => key.Fill(spec, values));

    /// <summary>The values of a spec in JSON; what it has none of, and empty lists, are left out.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="isIdentity">As runs are named after it, rather than as it is read back.</param>
    public virtual JsonObject Write<TSpec>(TSpec spec, bool isIdentity) => new(
        from key in keys
        let value = (key as IKeyOf<TSpec>)?.Write(spec, isIdentity)
        where value is not (null or JsonArray { Count: 0 })
        select KeyValuePair.Create(key.StoredName, value));

    /// <summary>The section with the names that <c>definition.json</c> has for keys.</summary>
    public Mapping ToStored(Mapping section) => Renamed(section, key => key.Name, key => key.StoredName);

    /// <inheritdoc/>
    public override Node FromStored(Node stored) => stored is Mapping section
        ? Renamed(section, key => key.StoredName, key => key.Name, (key, value) => key.FromStored(value))
        : stored;

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out Values value)
    {
        if (node is not Mapping section)
            return Refuse(node, path.Length == 0 ? "the file" : path, report, out value);
        var own = Of(section).Keys;
        string[] names = [.. own.Select(key => key.Name)];
        foreach (var entry in section.Entries.Where(entry => !names.Contains(entry.Key.Text)))
        {
            string under = path.Length == 0 ? "" : $" under {path}";
            if (Elsewhere(entry.Key.Text, section) is var (what, fix))
                report.Add(entry.Key, $"'{entry.Key.Text}'{under} {what}", fix);
            else if (own.FirstOrDefault(key => key.StoredName == entry.Key.Text) is { } renamed)
                report.Add(entry.Key, $"'{entry.Key.Text}'{under} is a name of earlier versions; the key is now called '{renamed.Name}'",
                    $"Write '{renamed.Name}'.");
            else
                report.Add(entry.Key, $"unknown key '{entry.Key.Text}'{under}", Spelling.Advice(entry.Key.Text, names, "keys"));
        }

        value = new Values(section);
        value.Read(own, path, report);
        return true; // what could be read of it was; the report knows of the rest
    }

    private Mapping Renamed(
        Mapping section, Func<Key, string> from, Func<Key, string> to, Func<Key, Node, Node>? within = null) => section with
    {
        Entries =
        [
            .. section.Entries.Select(entry => Keys.FirstOrDefault(key => from(key) == entry.Key.Text) is { } key
                ? new Entry(entry.Key with { Text = to(key) }, within is null ? entry.Value : within(key, entry.Value))
                : entry),
        ],
    };
}

/// <summary>What was read of a section. A value that was refused is not there.</summary>
/// <param name="section">What was written.</param>
internal sealed class Values(Mapping section)
{
    private readonly Dictionary<string, (object? Value, Node At)> read = new(StringComparer.Ordinal); // by name

    /// <summary>Reads every key.</summary>
    public void Read(IEnumerable<Key> keys, string path, Diagnostics report)
    {
        foreach (var key in keys)
        {
            key.Read(section[key.Name], section, path.Length == 0 ? key.Name : $"{path}.{key.Name}", report, this);
            IsComplete &= Has(key) || (key.Default is null && !key.IsRequired);
        }
    }

    /// <summary>Takes the value of a key.</summary>
    public void Set<T>(Key<T> key, T value, Node at) => read[key.Name] = (value, at);

    /// <summary>Whether the value was read, or has a default.</summary>
    public bool Has(Key key) => read.ContainsKey(key.Name);

    /// <summary>Whether every key that is required or has a default has a value: none of those was refused.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The value of a key that <see cref="Has"/>.</summary>
    public T Get<T>(Key<T> key) => (T)read[key.Name].Value!;

    /// <summary>The value, or another where there is none.</summary>
    public T Get<T>(Key<T> key, T otherwise) => read.TryGetValue(key.Name, out var found) ? (T)found.Value! : otherwise;

    /// <summary>Whether the file has the key at all.</summary>
    public bool IsWritten(Key key) => section[key.Name] is not null;

    /// <summary>Where the value was written; the section where it was left out.</summary>
    public Node At(Key key) => read.TryGetValue(key.Name, out var found) ? found.At : section;
}
