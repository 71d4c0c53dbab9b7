using Bench.Attention;
using static TorchSharp.torch;

namespace Bench.Backbone.Caching;

/// <summary>Rotary angles and masks of steps of generation, made once each: sequence after sequence takes the same steps.</summary>
internal sealed class DecodeStepTables : IDisposable
{
    private const long MostNumbers = 1 << 24; // 64 MiB in float32

    private readonly Dictionary<DecodeStep, (Rotary Positions, Tensor? Blocked)> tables = new(ReferenceEqualityComparer.Instance);
    private (int HeadWidth, ScalarType Type, string Device) made;
    private long numbers;

    /// <summary>Those of a step.</summary>
    /// <param name="columns">The columns to be computed.</param>
    /// <param name="headWidth">Width of a head.</param>
    /// <param name="type">The element type of the tables.</param>
    /// <param name="device">Where they are.</param>
    /// <returns>The angles of Q columns, and [1, 1, Q, K + Q], 0 where a query may look and −∞ where it may not; null where everybody sees everybody. They belong to this object.</returns>
    public (Rotary Positions, Tensor? Blocked) Of(DecodeStep columns, int headWidth, ScalarType type, Device device)
    {
        var asked = (headWidth, type, device.ToString());
        if (made != asked || numbers > MostNumbers)
            Dispose();
        made = asked;
        if (!tables.TryGetValue(columns, out var table))
        {
            table = (new Rotary(columns.Positions, headWidth, type, device), Blocked(columns, type, device)?.DetachFromDisposeScope());
            tables[columns] = table;
            numbers += ((long)columns.Positions.Length * headWidth) + (columns.Mask?.Length ?? 0);
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

    private static Tensor? Blocked(DecodeStep columns, ScalarType type, Device device) => columns.Mask is { } mask
        ? tensor(Array.ConvertAll(mask, seen => seen ? 0 : float.NegativeInfinity), [1, 1, columns.Positions.Length, columns.Kept + columns.Positions.Length], type, device)
        : null;
}
