using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>A key of a section: all that the reader, the table of keys and the JSON schema know of it.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Doc">What it is, in one sentence.</param>
/// <param name="Default">In JSON; null where there is none.</param>
/// <param name="IsRequired">A definition without it is refused.</param>
internal abstract record Key(string Name, string Doc, string? Default, bool IsRequired)
{
    /// <summary>Its name in <c>definition.json</c>: runs are named after what is stored, so a key that is renamed keeps it.</summary>
    public string StoredName { get; init; } = Name;

    /// <summary>What its value may be, as text.</summary>
    public abstract string Expected { get; }

    /// <summary>The keys inside, where it is a section.</summary>
    public abstract Section? Section { get; }

    /// <summary>The key in JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>A value of <c>definition.json</c> with the names that keys have in definitions.</summary>
    public abstract Node FromStored(Node stored);

    /// <summary>Reads the value into the section's values.</summary>
    /// <param name="at">Its node, or null where the section leaves it out.</param>
    /// <param name="parent">The section.</param>
    /// <param name="path">The key with the sections it is in.</param>
    /// <param name="report">Takes problems.</param>
    /// <param name="into">Takes the value.</param>
    public abstract void Read(Node? at, Mapping parent, string path, Diagnostics report, Values into);
}

/// <summary>A key of a kind.</summary>
internal record Key<T>(
    string Name, Kind<T> Kind, string Doc, string? Default = null, bool IsRequired = false) : Key(Name, Doc, Default, IsRequired)
{
    /// <inheritdoc/>
    public override string Expected => Kind.Expected;

    /// <inheritdoc/>
    public override Section? Section => Kind as Section;

    /// <inheritdoc/>
    public override JsonObject Schema()
    {
        var schema = Kind.Schema();
        schema["description"] = Doc;
        if (Default is not null && Section is null)
            schema["default"] = JsonNode.Parse(Default);
        return schema;
    }

    /// <inheritdoc/>
    public override Node FromStored(Node stored) => Kind.FromStored(stored);

    /// <inheritdoc/>
    public override void Read(Node? at, Mapping parent, string path, Diagnostics report, Values into)
    {
        if (at is null && IsRequired)
            report.Add(parent, $"{path} is missing", $"Add '{Name}': {Doc}");
        if ((at ?? Absent(parent, report)) is { } node && Kind.TryRead(node, path, report, out var value))
            into.Set(this, value, node);
    }

    // What a missing key stands for: a section with nothing in it, the default (JSON is YAML), or nothing.
    private Node? Absent(Mapping parent, Diagnostics report) => (Section, Default) switch
    {
        ({ }, _) => IsRequired ? null : parent with { Entries = [] },
        (_, { } json) => TreeReader.Read(json, report)! with { Line = parent.Line, Column = parent.Column, File = parent.File },
        _ => null,
    };
}

/// <summary>A key whose value is a property of a spec.</summary>
internal interface IKeyOf<TSpec>
{
    /// <summary>The spec with the value that was read; itself where there is none.</summary>
    TSpec Fill(TSpec spec, Values values);

    /// <summary>The spec's value; null where a resolved definition leaves it out.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="isIdentity">As a run is named after it, rather than as it is read back: see <see cref="Kind{T}.Identity"/>.</param>
    JsonNode? Write(TSpec spec, bool isIdentity);
}

/// <summary>A key of a kind, and the property of a spec that it fills.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Kind">What its value may be.</param>
/// <param name="Doc">What it is, in one sentence.</param>
/// <param name="Get">The property; null where a resolved definition leaves it out.</param>
/// <param name="Set">The spec with another value of it.</param>
/// <param name="Default">In JSON; null where there is none.</param>
/// <param name="IsRequired">A definition without it is refused.</param>
internal sealed record Key<TSpec, T>(
    string Name,
    Kind<T> Kind,
    string Doc,
    Func<TSpec, object?> Get,
    Func<TSpec, T, TSpec> Set,
    string? Default = null,
    bool IsRequired = false)
    : Key<T>(Name, Kind, Doc, Default, IsRequired), IKeyOf<TSpec>
{
    /// <inheritdoc/>
    public TSpec Fill(TSpec spec, Values values) => values.Has(this) ? Set(spec, values.Get(this)) : spec;

    /// <inheritdoc/>
    public JsonNode? Write(TSpec spec, bool isIdentity) =>
        Get(spec) is T value ? isIdentity ? Kind.Identity(value) : Kind.Write(value) : null;
}
