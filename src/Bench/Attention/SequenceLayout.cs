using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Numerics;

namespace Bench.Attention;

/// <summary>
/// How a network call is laid out: at which position of the text each column of tokens stands, and which columns each one may attend to.
/// </summary>
/// <remarks>Whoever may attend to nothing attends to itself alone.</remarks>
public sealed class SequenceLayout
{
    // The same object for the same question, so that a backbone recognises it.
    private static readonly ConcurrentDictionary<(int Length, bool Causal), SequenceLayout> Singles = [];

    private readonly ImmutableArray<SlotRow> rows; // one for all rows of the batch, or one a row

    private SequenceLayout(ImmutableArray<SlotRow> rows)
    {
        this.rows = rows;
        Columns = rows[0].Columns.Length;
        IsFull = rows.All(row => row.Mask is null);
        ImmutableArray<int>[] positions = [.. rows.Select(row => ImmutableArray.CreateRange(row.Columns, column => column.Position))];
        Positions = positions.All(row => row.AsSpan().SequenceEqual(positions[0].AsSpan())) ? positions[0]
            : [.. positions.SelectMany(row => row)];
    }

    /// <summary>The position in the text, and so the rotary angle, of each column: C, or B·C where the rows of a batch differ.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>C: columns of tokens.</summary>
    public int Columns { get; }

    /// <summary>Whether every column sees all.</summary>
    public bool IsFull { get; }

    /// <summary>Masks: none where all see all, one that serves every row, or one a row.</summary>
    public int Masks => IsFull ? 0 : rows.Length;

    /// <summary>Whether a query column may attend to a key column, in a row of the batch.</summary>
    public bool Sees(int row, int query, int key) => Row(row).Sees(query, key);

    /// <summary>The tokens in order, everybody seeing everybody, or nobody ahead.</summary>
    public static SequenceLayout Single(int length, bool causal) =>
        Singles.GetOrAdd((Require.Positive(length), causal), static layout => Of(
        [.. Enumerable.Range(0, layout.Length)], (query, key) => !layout.Causal || key <= query));

    /// <summary>Any relation between queries and keys.</summary>
    /// <param name="positions">C positions in the text.</param>
    /// <param name="sees">Whether a query column may attend to a key column.</param>
    public static SequenceLayout Of(ImmutableArray<int> positions, Func<int, int, bool> sees) =>
        new([SlotRow.Of(
            ImmutableArray.CreateRange(positions, position => new InputSlot(position, SlotRole.Active, InputSlot.Every)), sees)]);

    /// <summary>
    /// [clean | noisy]: every token twice, so that one pass serves all positions of a snapshot; column L + i predicts position i. Clean
    /// tokens attend as the context does in generation; noisy ones to the clean ones that are settled at their step and to the noisy ones
    /// looked at in the same step (BD3-LM, arXiv 2503.09573; HDLM).
    /// </summary>
    /// <remarks>
    /// In a shifted view the columns hold the tokens before; the first noisy column of a step holds the clean token before it, and the last
    /// noisy token of a step, which predicts nothing there, has a column behind the others. With a full context every step has settled
    /// columns of its own, because no two steps share their values.
    /// </remarks>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="snapshots">One a row; positions that are active together must be looked at together.</param>
    /// <param name="view">Aligned or shifted, and who attends to whom.</param>
    public static SequenceLayout Doubled(Hyperschedule hyperschedule, IReadOnlyList<LevelDraw> snapshots, BackboneView view) =>
        AttentionPattern.Of(hyperschedule, view).Doubled(snapshots);

    /// <summary>
    /// One step of generation: settled tokens attend as context, active ones to them and to each other; nobody else sees worthless ones,
    /// and they see nobody else.
    /// </summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="step">The step.</param>
    /// <param name="window">Positions that the network is given; all active ones are among them.</param>
    /// <param name="view">Aligned or shifted, and who attends to whom. In a shifted view a column stands for the token before it, and
    /// attends as the token that it predicts.</param>
    public static SequenceLayout Step(Hyperschedule hyperschedule, int step, int window, BackboneView view)
    {
        // In a causal block nobody sees the last token's own column.
        int columns = window + (view.Shifted && view.Block != AttentionKind.Causal ? 1 : 0);
        return hyperschedule.NeedsContext ? AttentionPattern.Of(hyperschedule, view).Step(step, columns)
            : Single(columns, view.Block == AttentionKind.Causal);
    }

    /// <summary>Rows of a batch, filled up to the longest.</summary>
    internal static SequenceLayout Of(ImmutableArray<SlotRow> rows)
    {
        int columns = rows.Max(row => row.Columns.Length);
        return new SequenceLayout(ImmutableArray.CreateRange(rows, row => row.Padded(columns)));
    }

    /// <summary>The columns of a row of the batch.</summary>
    internal SlotRow Row(int row) => rows[rows.Length == 1 ? 0 : row];
}

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

/// <summary>One token of a network call.</summary>
/// <param name="Position">The position that it predicts, which is also its rotary angle. It holds the token of that position or, in a
/// shifted view, of the one before.</param>
/// <param name="Role">What it is to the others.</param>
/// <param name="Step">The step that it belongs to, or <see cref="Every"/>.</param>
internal readonly record struct InputSlot(int Position, SlotRole Role, int Step)
{
    /// <summary>The step of columns that serve all steps.</summary>
    public const int Every = -1;
}

/// <summary>What a column of a network call is to the other columns.</summary>
internal enum SlotRole
{
    /// <summary>It predicts what is settled already: nobody waits for its output, but the others look at it.</summary>
    Context,

    /// <summary>It takes part in a step: it predicts an active position, or holds an active token that the others look at.</summary>
    Active,

    /// <summary>Behind all that is active.</summary>
    Later,

    /// <summary>Nothing: it fills a row up to the length of the others.</summary>
    Idle,
}
