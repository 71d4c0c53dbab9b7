using System.Collections.Concurrent;
using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Numerics;

namespace Bench.Attention;

/// <summary>
/// The slots of a network call: the position of each in the text, and which slots each one may attend to.
/// </summary>
/// <remarks>A query with no permitted key attends only to itself.</remarks>
public sealed class SequenceLayout
{
    // The same object for the same question, so that a backbone recognises it.
    private static readonly ConcurrentDictionary<(int Length, bool Causal), SequenceLayout> Singles = [];

    // Of each length, along the order of the positions.
    private static readonly ConcurrentDictionary<int, SlotRow> OrderedRows = [];

    private readonly ImmutableArray<SlotRow> rows; // one for all rows of the batch, or one a row

    private SequenceLayout(ImmutableArray<SlotRow> rows)
    {
        this.rows = rows;
        Slots = rows[0].Slots.Length;
        IsFull = rows.All(row => row.Mask is null);
        Masks = IsFull ? 0 : rows.All(row => row.Mask == rows[0].Mask) ? 1 : rows.Length;
        ImmutableArray<int>[] positions = [.. rows.Select(row => ImmutableArray.CreateRange(row.Slots, slot => slot.Position))];
        Positions = positions.All(row => row.AsSpan().SequenceEqual(positions[0].AsSpan())) ? positions[0]
            : [.. positions.SelectMany(row => row)];
    }

    /// <summary>The position in the text, and so the rotary angle, of each slot: C, or B·C where the rows of a batch differ.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>C: input slots.</summary>
    public int Slots { get; }

    /// <summary>Whether every slot attends to all.</summary>
    public bool IsFull { get; }

    /// <summary>Masks: none for full attention, one that serves every row, or one a row.</summary>
    public int Masks { get; }

    /// <summary>Whether a query may attend to a key, in a row of the batch.</summary>
    public bool Sees(int row, int query, int key) => Row(row).Sees(query, key);

    /// <summary>The tokens in order, with full or causal attention.</summary>
    public static SequenceLayout Single(int length, bool causal) =>
        Singles.GetOrAdd((Require.Positive(length), causal), static layout => Of(
        [.. Enumerable.Range(0, layout.Length)], (query, key) => !layout.Causal || key <= query));

    /// <summary>Any relation between queries and keys.</summary>
    /// <param name="positions">C positions in the text.</param>
    /// <param name="sees">Whether a query may attend to a key.</param>
    public static SequenceLayout Of(ImmutableArray<int> positions, Func<int, int, bool> sees) =>
        new([SlotRow.Of(
            ImmutableArray.CreateRange(positions, position => new InputSlot(position, SlotRole.Active, InputSlot.Every)), sees)]);

    /// <summary>
    /// [clean | noisy]: every token twice, so that one pass serves all positions of a level draw; slot L + i predicts position i. Clean
    /// tokens attend as the context does in generation; noisy ones to the clean ones that are settled at their step and to the noisy ones
    /// looked at in the same step (BD3-LM, arXiv 2503.09573; HDLM).
    /// </summary>
    /// <remarks>
    /// In a shifted view slots hold the token before the one they predict; the first noisy slot of a step holds the clean token before it,
    /// and the last noisy token of a step, which predicts nothing there, has a slot behind the others. With a full context every step has
    /// settled slots of its own, because no two steps share their values.
    /// </remarks>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="draws">One a row; positions that are active together must be looked at together.</param>
    /// <param name="view">Aligned or shifted, and the attention mask.</param>
    public static SequenceLayout Doubled(Hyperschedule hyperschedule, IReadOnlyList<LevelDraw> draws, BackboneView view) =>
        AttentionPattern.Of(hyperschedule, view).Doubled(draws);

    /// <summary>
    /// [clean | masks] along an order of the positions, each row's own: clean tokens attend to those no later in the order, and slot L + j,
    /// which predicts the j-th position of the order, to the clean ones before it and to itself. The same as <see cref="Doubled"/> in an
    /// aligned, block-causal view of a hyperschedule that settles one position a step in that order, with a mask that all orders share.
    /// </summary>
    /// <param name="orders">B permutations of the L positions.</param>
    public static SequenceLayout InOrder(IReadOnlyList<int[]> orders)
    {
        var ranks = OrderedRows.GetOrAdd(orders[0].Length, static length => SlotRow.Of(
            [
                .. Enumerable.Range(0, length).Select(i => new InputSlot(i, SlotRole.Context, InputSlot.Every)),
                .. Enumerable.Range(0, length).Select(i => new InputSlot(i, SlotRole.Active, i)),
            ],
            (query, key) => key == query || key < (query < length ? query : query - length)));
        return new([.. orders.Select(ranks.At)]);
    }

    /// <summary>
    /// One step of generation: settled tokens attend as context, active ones to them and to each other; no other query attends to worthless
    /// ones, and they attend to themselves only.
    /// </summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="step">The step.</param>
    /// <param name="window">Positions that the network is given; all active ones are among them.</param>
    /// <param name="view">Aligned or shifted, and the attention mask. In a shifted view a slot holds the token before it, and
    /// attends as the token that it predicts.</param>
    public static SequenceLayout Step(Hyperschedule hyperschedule, int step, int window, BackboneView view)
    {
        // In a causal block no query attends to the last token's own slot.
        int slots = window + (view.Shifted && view.Block != AttentionKind.Causal ? 1 : 0);
        return hyperschedule.NeedsContext ? AttentionPattern.Of(hyperschedule, view).Step(step, slots)
            : Single(slots, view.Block == AttentionKind.Causal);
    }

    /// <summary>
    /// The same for rows that end in padding: no query attends to a slot that holds padding, and such a query, where nothing else is left
    /// to it, attends only to itself.
    /// </summary>
    /// <param name="lengths">B numbers of tokens in front of the padding.</param>
    /// <param name="view">Whether a slot holds the token of its position, or in a shifted view the one before.</param>
    public SequenceLayout Within(IReadOnlyList<int> lengths, BackboneView view)
    {
        if (rows.Length > 1)
            Require.Length(lengths.Count, rows.Length);
        int behind = view.Shifted ? 1 : 0;
        var known = new Dictionary<(SlotRow Of, int Length), SlotRow>(); // batches are often full of rows alike
        SlotRow[] hidden = [.. lengths.Select((length, row) => Hidden(Row(row), length))];
        return hidden.Index().All(entry => entry.Item == Row(entry.Index)) ? this
            : new SequenceLayout(hidden.All(row => row == hidden[0]) ? [hidden[0]] : [.. hidden]);

        SlotRow Hidden(SlotRow row, int length)
        {
            if (row.Slots.All(slot => slot.Position - behind < length))
                return row;
            if (!known.TryGetValue((row, length), out var made))
                known[(row, length)] = made =
                    SlotRow.Of(row.Slots, (query, key) => row.Slots[key].Position - behind < length && row.Sees(query, key));
            return made;
        }
    }

    /// <summary>Rows of a batch, filled up to the longest.</summary>
    internal static SequenceLayout Of(ImmutableArray<SlotRow> rows)
    {
        int slots = rows.Max(row => row.Slots.Length);
        return new SequenceLayout(ImmutableArray.CreateRange(rows, row => row.Padded(slots)));
    }

    /// <summary>The slots of a row of the batch.</summary>
    internal SlotRow Row(int row) => rows[rows.Length == 1 ? 0 : row];
}

/// <summary>The slots of one row of a network call, and their attention mask.</summary>
internal sealed class SlotRow
{
    private SlotRow(ImmutableArray<InputSlot> slots, bool[]? mask) => (Slots, Mask) = (slots, mask);

    /// <summary>C slots, from left to right.</summary>
    public ImmutableArray<InputSlot> Slots { get; }

    /// <summary>[C·C], query by key; null for full attention.</summary>
    public bool[]? Mask { get; }

    /// <summary>Asks for every pair; a query with no permitted key attends only to itself.</summary>
    public static SlotRow Of(ImmutableArray<InputSlot> slots, Func<int, int, bool> sees)
    {
        int count = slots.Length;
        var mask = new bool[count * count];
        for (int query = 0; query < count; query++)
        {
            var row = mask.AsSpan(query * count, count);
            for (int key = 0; key < count; key++)
                row[key] = sees(query, key);
            if (!row.Contains(true))
                row[query] = true;
        }

        return new SlotRow(slots, mask.AsSpan().Contains(false) ? mask : null);
    }

    /// <summary>Whether a query may attend to a key.</summary>
    public bool Sees(int query, int key) => Mask is null || Mask[(query * Slots.Length) + key];

    /// <summary>The same slots and mask at other positions: the i-th of them becomes that of an order.</summary>
    public SlotRow At(int[] order) =>
        new(ImmutableArray.CreateRange(Slots, slot => slot with { Position = order[slot.Position] }), Mask);

    /// <summary>Padded to so many slots: each of the new ones attends only to itself, and no other query attends to it.</summary>
    public SlotRow Padded(int count) => count == Slots.Length ? this : Of(
        [.. Slots, .. Enumerable.Repeat(new InputSlot(0, SlotRole.Idle, InputSlot.Every), count - Slots.Length)],
        (query, key) => query < Slots.Length && key < Slots.Length && Sees(query, key));
}

/// <summary>One token of a network call.</summary>
/// <param name="Position">The position that it predicts, which is also its rotary angle. It holds the token of that position or, in a
/// shifted view, of the one before.</param>
/// <param name="Role">What it is to the others.</param>
/// <param name="Step">The step that it belongs to, or <see cref="Every"/>.</param>
internal readonly record struct InputSlot(int Position, SlotRole Role, int Step)
{
    /// <summary>The step of slots that serve all steps.</summary>
    public const int Every = -1;
}

/// <summary>What a slot of a network call is to the other slots.</summary>
internal enum SlotRole
{
    /// <summary>It predicts what is settled already: its output is not used, but the others attend to it.</summary>
    Context,

    /// <summary>It takes part in a step: it predicts an active position, or holds an active token that the others attend to.</summary>
    Active,

    /// <summary>Behind all that is active.</summary>
    Later,

    /// <summary>Nothing: it fills a row up to the length of the others.</summary>
    Idle,
}
