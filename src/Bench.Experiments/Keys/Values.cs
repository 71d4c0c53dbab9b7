using Bench.Experiments.Yaml;

namespace Bench.Experiments.Keys;

/// <summary>What was read of a section. A value that was refused is not there.</summary>
/// <param name="section">What was written.</param>
internal sealed class Values(Mapping section)
{
    private readonly Dictionary<Key, (object? Value, Node At)> _read = [];

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
    public void Set<T>(Key<T> key, T value, Node at) => _read[key] = (value, at);

    /// <summary>Whether the value was read, or has a default.</summary>
    public bool Has(Key key) => _read.ContainsKey(key);

    /// <summary>Whether every key that is required or has a default has a value: none of those was refused.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The value of a key that <see cref="Has"/>.</summary>
    public T Get<T>(Key<T> key) => (T)_read[key].Value!;

    /// <summary>The value, or another where there is none.</summary>
    public T Get<T>(Key<T> key, T otherwise) => _read.TryGetValue(key, out var found) ? (T)found.Value! : otherwise;

    /// <summary>Whether the file has the key at all.</summary>
    public bool IsWritten(Key key) => section[key.Name] is not null;

    /// <summary>Where the value was written; the section where it was left out.</summary>
    public Node At(Key key) => _read.TryGetValue(key, out var found) ? found.At : section;
}
