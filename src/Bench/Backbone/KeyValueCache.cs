using Bench.Attention;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Backbone;

/// <summary>Keys and values of slots that are final, layer by layer, in buffers made once.</summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly (Tensor Keys, Tensor Values)[] layers; // [B, H, slots, D]
    private readonly List<int> positions = [];

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Layers of attention.</param>
    /// <param name="rows">B.</param>
    /// <param name="heads">H.</param>
    /// <param name="slots">At most so many slots, those being computed included.</param>
    /// <param name="headWidth">D.</param>
    /// <param name="type">Of keys and values.</param>
    /// <param name="device">Where they are.</param>
    public KeyValueCache(int layers, int rows, int heads, int slots, int headWidth, ScalarType type, Device device)
    {
        this.layers = [.. Enumerable.Range(0, layers).Select(_ => (Buffer(), Buffer()))];
        Bytes = 2L * layers * rows * heads * slots * headWidth * (type == float64 ? 8 : type == float32 ? 4 : 2);

        Tensor Buffer() => zeros([rows, heads, slots, headWidth], type, device).DetachFromDisposeScope();
    }

    /// <summary>The positions of the K cached slots, in the order of their keys.</summary>
    public IReadOnlyList<int> Positions => positions;

    /// <summary>
    /// [B'] int64, the rows that the coming calls are for; null for all. Only slots of a call for all rows can be cached.
    /// </summary>
    public Tensor? Rows { get; set; }

    /// <summary>Memory of keys and values.</summary>
    public long Bytes { get; }

    /// <summary>Replaces what rows have by what others have.</summary>
    /// <param name="from">[B] int64: row r gets what row from[r] had.</param>
    public void Copy(Tensor from)
    {
        using var scope = NewDisposeScope();
        foreach (var (keys, values) in layers)
        {
            keys.copy_(keys.index_select(0, from));
            values.copy_(values.index_select(0, from));
        }
    }

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

    /// <summary>Caches the first ones of the slots that were computed last.</summary>
    public void Keep(IEnumerable<int> final) => positions.AddRange(final);
}

/// <summary>Keys and values that a layer of attention has kept, and room for those being computed.</summary>
/// <param name="Keys">[R, H, slots, D] the buffer.</param>
/// <param name="Values">[R, H, slots, D]</param>
/// <param name="Count">K: how many slots are cached.</param>
/// <param name="Rows">[B] int64, the rows being computed; null for all.</param>
internal sealed record LayerCache(Tensor Keys, Tensor Values, int Count, Tensor? Rows)
{
    /// <summary>Writes the keys and values of the slots being computed behind the cached ones.</summary>
    /// <param name="keys">[B, H, Q, D]</param>
    /// <param name="values">[B, H, Q, D]</param>
    /// <returns>[B, H, K + Q, D] views of the buffers, or copies where they are those of some rows.</returns>
    public (Tensor Keys, Tensor Values) Extend(Tensor keys, Tensor values)
    {
        if (Rows is { } rows)
            return (Behind(Keys, rows, keys), Behind(Values, rows, values));
        long computed = keys.size(2);
        Keys.narrow(2, Count, computed).copy_(keys);
        Values.narrow(2, Count, computed).copy_(values);
        return (Keys.narrow(2, 0, Count + computed), Values.narrow(2, 0, Count + computed));
    }

    private Tensor Behind(Tensor kept, Tensor rows, Tensor computed) =>
        Count == 0 ? computed : cat([kept.narrow(2, 0, Count).index_select(0, rows), computed], 2);
}

/// <summary>Rotary angles and masks of steps of generation, made once each: sequence after sequence takes the same steps.</summary>
/// <param name="theta">Of the angles; null where positions turn nothing.</param>
internal sealed class DecodeStepTables(double? theta) : IDisposable
{
    private const long MostNumbers = 1 << 24; // 64 MiB in float32

    private readonly Dictionary<DecodeStep, (Rotary Positions, Tensor? AttentionBias)> tables = new(ReferenceEqualityComparer.Instance);
    private (int HeadWidth, ScalarType Type, string Device) made;
    private long numbers;

    /// <summary>Those of a step.</summary>
    /// <param name="step">The decoding step.</param>
    /// <param name="headWidth">Width of a head.</param>
    /// <param name="type">The element type of the tables.</param>
    /// <param name="device">Where they are.</param>
    /// <returns>The angles of Q slots, and [1, 1, Q, K + Q], 0 where a query may look and −∞ where it may not; null for
    /// full attention. They belong to this object.</returns>
    public (Rotary Positions, Tensor? AttentionBias) Of(DecodeStep step, int headWidth, ScalarType type, Device device)
    {
        var asked = (headWidth, type, device.ToString());
        if (made != asked || numbers > MostNumbers)
            Dispose();
        made = asked;
        if (!tables.TryGetValue(step, out var table))
        {
            table = (new Rotary(step.Positions, headWidth, type, device, theta: theta),
                AttentionBias(step, type, device)?.DetachFromDisposeScope());
            tables[step] = table;
            numbers += ((long)step.Positions.Length * headWidth) + (step.Mask?.Length ?? 0);
        }

        return table;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (positions, attentionBias) in tables.Values)
        {
            positions.Dispose();
            attentionBias?.Dispose();
        }

        tables.Clear();
        numbers = 0;
    }

    private static Tensor? AttentionBias(DecodeStep step, ScalarType type, Device device) => step.Mask is { } mask
        ? tensor(Array.ConvertAll(mask, seen => seen ? 0 : float.NegativeInfinity),
            [1, 1, step.Positions.Length, step.Kept + step.Positions.Length], type).On(device)
        : null;
}
