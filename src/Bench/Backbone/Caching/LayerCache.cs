using static TorchSharp.torch;

namespace Bench.Backbone.Caching;

/// <summary>Keys and values that a layer of attention has kept, and room for those being computed.</summary>
/// <param name="Keys">[R, H, columns, D] the buffer.</param>
/// <param name="Values">[R, H, columns, D]</param>
/// <param name="Count">K: how many columns are kept.</param>
/// <param name="Rows">[B] int64, the rows being computed; null for all.</param>
internal sealed record LayerCache(Tensor Keys, Tensor Values, int Count, Tensor? Rows)
{
    /// <summary>Writes the keys and values of the columns being computed behind the kept ones.</summary>
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

    private Tensor Behind(Tensor kept, Tensor rows, Tensor computed) => Count == 0 ? computed : cat([kept.narrow(2, 0, Count).index_select(0, rows), computed], 2);
}
