using static TorchSharp.torch;

namespace Bench.Backbone.Caching;

/// <summary>Keys and values of columns that never change again, layer by layer, in buffers made once.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)[] layers; // [B, H, columns, D]
    private readonly List<int> positions = [];

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Layers of attention.</param>
    /// <param name="rows">B.</param>
    /// <param name="heads">H.</param>
    /// <param name="columns">At most so many columns, those being computed included.</param>
    /// <param name="headWidth">D.</param>
    /// <param name="type">Of keys and values.</param>
    /// <param name="device">Where they are.</param>
    public KeyValueCache(int layers, int rows, int heads, int columns, int headWidth, ScalarType type, Device device)
    {
        this.layers = [.. Enumerable.Range(0, layers).Select(_ => (Buffer(), Buffer()))];
        Bytes = 2L * layers * rows * heads * columns * headWidth * (type == float64 ? 8 : type == float32 ? 4 : 2);

        Tensor Buffer() => zeros([rows, heads, columns, headWidth], type, device).DetachFromDisposeScope();
    }

    /// <summary>The positions of the K columns that are kept, in the order of their keys.</summary>
    public IReadOnlyList<int> Positions => positions;

    /// <summary>[B'] int64, the rows that the coming calls are for; null for all. Only a call for all rows leaves columns behind that can be kept.</summary>
    public Tensor? Rows { get; set; }

    /// <summary>Memory of keys and values.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (keys, values) in layers)
        {
            keys.Dispose();
            values.Dispose();
        }
    }

    /// <summary>What a layer has kept so far.</summary>
    internal LayerCache Of(int layer) => new(layers[layer].Keys, layers[layer].Values, positions.Count, Rows);

    /// <summary>Keeps the first ones of the columns that were computed last.</summary>
    public void Keep(IEnumerable<int> final) => positions.AddRange(final);
}
