using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Numerics;

namespace Bench.Models;

/// <summary>How a network call is laid out: at which position of the text each column of tokens stands, and which columns each one may attend to.</summary>
/// <remarks>Whoever may attend to nothing attends to itself alone.</remarks>
public sealed class Layout
{
    // The same object for the same question, so that a backbone recognises it.
    private static readonly ConcurrentDictionary<(int Length, bool Causal), Layout> Singles = [];

    private readonly ImmutableArray<bool[]> masks; // one for all rows or one a row, each [C·C], query by key; none: everybody sees everybody

    private Layout(ImmutableArray<int> positions, ImmutableArray<bool[]> masks)
    {
        Positions = positions;
        this.masks = masks;
    }

    /// <summary>The position in the text, and so the rotary angle, of each column.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>C: columns of tokens.</summary>
    public int Columns => Positions.Length;

    /// <summary>Whether every column sees all.</summary>
    public bool IsFull => masks.IsEmpty;

    /// <summary>Masks: none where all see all, one that serves every row, or one a row.</summary>
    public int Masks => masks.Length;

    /// <summary>Whether a query column may attend to a key column, in a row of the batch.</summary>
    public bool Sees(int row, int query, int key) => IsFull || masks[masks.Length == 1 ? 0 : row][(query * Columns) + key];

    /// <summary>The tokens in order, everybody seeing everybody, or nobody ahead.</summary>
    public static Layout Single(int length, bool causal) => Singles.GetOrAdd((Require.Positive(length), causal), static layout => new(
        [.. Enumerable.Range(0, layout.Length)], layout.Causal ? [Mask(layout.Length, (query, key) => key <= query)] : []));

    /// <summary>
    /// [clean | noisy]: every token twice, so that one pass serves all positions of a snapshot. Clean tokens attend to those that settle no later than they do;
    /// noisy ones to the clean ones that are settled at their step and to the noisy ones looked at in the same step (BD3-LM, arXiv 2503.09573; HDLM).
    /// </summary>
    /// <param name="path">The hyperschedule.</param>
    /// <param name="snapshots">One that serves every row of the batch, or one a row.</param>
    /// <param name="context">How clean tokens attend among themselves.</param>
    /// <param name="block">How noisy tokens of one step attend among themselves: full or causal.</param>
    public static Layout Doubled(Hyperschedule path, IReadOnlyList<Snapshot> snapshots, Attention context, Attention block)
    {
        int length = path.Length;
        return new([.. Enumerable.Range(0, 2 * length).Select(column => column % length)], [.. snapshots.Select(Doubled)]);

        bool[] Doubled(Snapshot snapshot) => Mask(2 * length, (query, key) => (query < length, key < length) switch
        {
            (true, true) => path.SettlesNoLater(key, query) && (context != Attention.Causal || key <= query),
            (true, false) => false,
            (false, true) => snapshot.Steps[query - length] is >= 0 and var step && path.RegionAt(step, key) == Region.Settled,
            (false, false) => snapshot.Steps[key - length] >= 0 && (path.IsMixed || snapshot.Steps[query - length] == snapshot.Steps[key - length]) && (block != Attention.Causal || key <= query),
        });
    }

    /// <summary>One step of generation: settled tokens attend as context, active ones to them and to each other; worthless ones neither see nor are seen.</summary>
    /// <param name="path">The hyperschedule.</param>
    /// <param name="step">The step.</param>
    /// <param name="window">Positions that the network is given; all active ones are among them.</param>
    /// <param name="view">Aligned or shifted, and who attends to whom. In a shifted view a column stands for the token before it, and attends as the token that it predicts.</param>
    public static Layout Step(Hyperschedule path, int step, int window, BackboneView view)
    {
        // In a causal block nobody sees the last token's own column.
        int columns = window + (view.Shifted && view.Block != Attention.Causal ? 1 : 0), behind = view.Shifted ? 1 : 0;
        if (!path.NeedsContext)
            return Single(columns, view.Block == Attention.Causal);
        return new([.. Enumerable.Range(0, columns)], [Mask(columns, Sees)]);

        bool Sees(int query, int key)
        {
            var region = query < window ? path.RegionAt(step, query) : Region.Worthless;
            if (key < behind)
                return region != Region.Worthless;
            return (region, path.RegionAt(step, key - behind)) switch
            {
                (Region.Settled, Region.Settled) => path.SettlesNoLater(key - behind, Math.Max(0, query - behind)) && (view.Context != Attention.Causal || key <= query),
                (Region.Active, Region.Settled) => true,
                (Region.Active, Region.Active) => view.Block != Attention.Causal || key <= query,
                _ => false,
            };
        }
    }

    private static bool[] Mask(int columns, Func<int, int, bool> sees)
    {
        var mask = new bool[columns * columns];
        for (int query = 0; query < columns; query++)
        {
            var row = mask.AsSpan(query * columns, columns);
            for (int key = 0; key < columns; key++)
                row[key] = sees(query, key);
            if (!row.Contains(true))
                row[query] = true;
        }

        return mask;
    }
}
