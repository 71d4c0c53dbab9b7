using System.Collections.Immutable;

namespace Bench.Attention;

/// <summary>The columns of one row of a network call, and who sees whom among them.</summary>
internal sealed class SlotRow
{
    private SlotRow(ImmutableArray<InputSlot> columns, bool[]? mask) => (Columns, Mask) = (columns, mask);

    /// <summary>C columns, from left to right.</summary>
    public ImmutableArray<InputSlot> Columns { get; }

    /// <summary>[C·C], query by key; null where everybody sees everybody.</summary>
    public bool[]? Mask { get; }

    /// <summary>Asks for every pair; whoever may attend to nothing attends to itself alone.</summary>
    public static SlotRow Of(ImmutableArray<InputSlot> columns, Func<int, int, bool> sees)
    {
        int count = columns.Length;
        var mask = new bool[count * count];
        for (int query = 0; query < count; query++)
        {
            var row = mask.AsSpan(query * count, count);
            for (int key = 0; key < count; key++)
                row[key] = sees(query, key);
            if (!row.Contains(true))
                row[query] = true;
        }

        return new SlotRow(columns, mask.AsSpan().Contains(false) ? mask : null);
    }

    /// <summary>Whether a query column may attend to a key column.</summary>
    public bool Sees(int query, int key) => Mask is null || Mask[(query * Columns.Length) + key];

    /// <summary>With as many columns as that: the new ones see and are seen by nobody but themselves.</summary>
    public SlotRow Padded(int count) => count == Columns.Length ? this : Of(
        [.. Columns, .. Enumerable.Repeat(new InputSlot(0, SlotRole.Idle, InputSlot.Every), count - Columns.Length)],
        (query, key) => query < Columns.Length && key < Columns.Length && Sees(query, key));
}
