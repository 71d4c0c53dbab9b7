using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Bench.Hyperschedules;

namespace Bench.Attention;

/// <summary>
/// The attention mask along a hyperschedule (HDLM, arXiv 2504.06416): one relation for a step of generation and for the doubled pass of
/// training, which is why what is trained is what is sampled.
/// </summary>
/// <remarks>
/// A slot's role follows the position it predicts. In a shifted view the slot of the last settled token predicts the first active one: it
/// belongs to the active block, and becomes context when that position is settled. So no context slot ever attends to anything that is not
/// final.
/// </remarks>
internal sealed class AttentionPattern
{
    // A backbone recognises a layout by its identity, and a training run asks for few different ones.
    private static readonly ConditionalWeakTable<Hyperschedule, ConcurrentDictionary<BackboneView, AttentionPattern>> All = new();

    private readonly Hyperschedule hyperschedule;
    private readonly BackboneView view;
    private readonly int[] changes; // steps in which some position is not what it was in the one before
    private readonly ConcurrentDictionary<string, SequenceLayout> passes = [];
    private readonly ConcurrentDictionary<(int Step, int Slots, int Kept), (int[] Kept, DecodeStep Step)> continuations = [];

    private AttentionPattern(Hyperschedule hyperschedule, BackboneView view)
    {
        (this.hyperschedule, this.view) = (hyperschedule, view);
        if (view.Shifted && !IsLeftToRight(hyperschedule))
            throw new ArgumentException(
                $"{hyperschedule.Name} does not go from left to right, but in a shifted view each token is predicted from the one before " +
                    "it; use an aligned view", nameof(view));
        changes = [.. Enumerable.Range(0, hyperschedule.Length)
            .SelectMany(i => new[] { hyperschedule.OnsetOf(i), hyperschedule.SettledAfter(i) }).Append(0).Distinct().Order()];
    }

    private int Behind => view.Shifted ? 1 : 0;

    // Some hundred megabytes of masks.
    private int MostPasses => (int)Math.Max(16, (1 << 26) / ((long)hyperschedule.Length * hyperschedule.Length));

    /// <summary>That of a hyperschedule and a view.</summary>
    public static AttentionPattern Of(Hyperschedule hyperschedule, BackboneView view) =>
        All.GetOrCreateValue(hyperschedule).GetOrAdd(view, asked => new AttentionPattern(hyperschedule, asked));

    /// <summary>Whether a context slot may attend to another one, once both are settled.</summary>
    public bool InContext(int query, int key) => view.Context switch
    {
        AttentionKind.Full => true,
        AttentionKind.Causal => key <= query && hyperschedule.SettlesNoLater(key, query),
        _ => hyperschedule.SettlesNoLater(key, query),
    };

    /// <summary>The first slots of one step of generation.</summary>
    public SequenceLayout Step(int step, int slots) =>
        Known($"step {First(step)}, {slots}",
            () => [.. Enumerable.Range(0, slots).Select(i => new InputSlot(i, RoleOf(i, First(step)), First(step)))]);

    /// <summary>The slots of one step of generation that are not cached.</summary>
    public DecodeStep Continue(int step, int slots, IReadOnlyList<int> kept)
    {
        // Generation after generation keeps the same ones, unless steps were left out because nothing moved in them.
        if (continuations.TryGetValue((step, slots, kept.Count), out var known) && kept.SequenceEqual(known.Kept))
            return known.Step;
        if (continuations.Count >= MostPasses)
            continuations.Clear();
        var made = Made(step, slots, kept);
        continuations[(step, slots, kept.Count)] = ([.. kept], made);
        return made;
    }

    private DecodeStep Made(int step, int slots, IReadOnlyList<int> kept)
    {
        int at = First(step);
        var computed = Enumerable.Range(0, slots).Except(kept).Select(i => new InputSlot(i, RoleOf(i, at), at))
            .ToLookup(slot => slot.Role);
        var active = computed[SlotRole.Active].ToLookup(slot => IsFinal(slot, step));
        InputSlot[] queries = [.. computed[SlotRole.Context], .. active[true], .. active[false]];
        int settled = computed[SlotRole.Context].Count();
        InputSlot[] keys = [.. kept.Select(i => new InputSlot(i, SlotRole.Context, at)), .. queries];
        bool[] mask = [.. from query in queries from key in keys select Sees(query, key)];
        return new DecodeStep(
            kept.Count, [.. queries.Select(query => query.Position)], settled, settled + active[true].Count(),
            mask.Contains(false) ? mask : null);
    }

    // Whether an active slot is what it will be as context, once its step is over: in a shifted view, one that holds a settled token,
    // attends to settled ones only, and to all that it will attend to. Its position is settled then, so that it is not computed again.
    private bool IsFinal(InputSlot slot, int step) =>
        slot.Position < hyperschedule.Length && hyperschedule.SettledAfter(slot.Position) <= step + 1
        && Enumerable.Range(0, hyperschedule.Length + Behind).Select(i => new InputSlot(i, RoleOf(i, slot.Step), slot.Step))
            .All(other =>
            Sees(slot, other) == (other.Position < hyperschedule.Length && InContext(slot.Position, other.Position))
            && (!Sees(slot, other) || other.Position < Behind
                || hyperschedule.RegionAt(slot.Step, other.Position - Behind) == Region.Settled));

    /// <summary>
    /// [clean | noisy], and in a shifted view the last token of each step behind them; one for each row of the batch or, where they agree,
    /// one for all.
    /// </summary>
    public SequenceLayout Doubled(IReadOnlyList<LevelDraw> draws)
    {
        SequenceLayout[] each = [.. draws.Select(draw => Doubled([.. draw.Steps.Select(step => step < 0 ? step : First(step))]))];
        return each.All(layout => layout == each[0]) ? each[0] : SequenceLayout.Of([.. each.Select(layout => layout.Row(0))]);
    }

    // Settled, active, worthless: at no step is a position ahead of the one before it.
    internal static bool IsLeftToRight(Hyperschedule hyperschedule) =>
        Enumerable.Range(1, hyperschedule.Length - 1)
            .All(i => hyperschedule.SettlesNoLater(i - 1, i) && hyperschedule.OnsetOf(i - 1) <= hyperschedule.OnsetOf(i));

    // Of the steps that see what a step sees.
    private int First(int step)
    {
        int found = Array.BinarySearch(changes, step);
        return changes[found >= 0 ? found : ~found - 1];
    }

    private SequenceLayout Doubled(ImmutableArray<int> steps) =>
        Known(string.Join(',', steps), () => [.. Clean(), .. Noisy(steps), .. Lasts(steps), .. OwnContexts(steps)]);

    private SequenceLayout Known(string question, Func<ImmutableArray<InputSlot>> slots)
    {
        if (passes.Count >= MostPasses)
            passes.Clear();
        return passes.GetOrAdd(question, _ => Of(slots()));

        SequenceLayout Of(ImmutableArray<InputSlot> all) =>
            SequenceLayout.Of([SlotRow.Of(all, (query, key) => Sees(all[query], all[key]))]);
    }

    private SlotRole RoleOf(int position, int step) =>
        (position < hyperschedule.Length ? hyperschedule.RegionAt(step, position) : Region.Worthless) switch
    {
        Region.Settled => SlotRole.Context,
        Region.Active => SlotRole.Active,
        // In a shifted view the slot of the last active token predicts nothing.
        _ when position >= Behind && position - Behind < hyperschedule.Length
            && hyperschedule.RegionAt(step, position - Behind) == Region.Active => SlotRole.Active,
        _ => SlotRole.Later,
    };

    private IEnumerable<InputSlot> Clean() =>
        Enumerable.Range(0, hyperschedule.Length).Select(i => new InputSlot(i, SlotRole.Context, InputSlot.Every));

    private static IEnumerable<InputSlot> Noisy(ImmutableArray<int> steps) =>
        steps.Select((step, i) => new InputSlot(i, step < 0 ? SlotRole.Idle : SlotRole.Active, step));

    // In a shifted view the noisy token before each of them is held by the slot that predicts it; the last of a step needs one of its own,
    // unless the block is causal.
    private IEnumerable<InputSlot> Lasts(ImmutableArray<int> steps) => view.Shifted && view.Block != AttentionKind.Causal
        ? Enumerable.Range(1, steps.Length).Where(i => steps[i - 1] >= 0 && (i == steps.Length || steps[i] != steps[i - 1]))
            .Select(i => new InputSlot(i, SlotRole.Active, steps[i - 1]))
        : [];

    // A full context changes with every step, so each step needs a context of its own.
    private IEnumerable<InputSlot> OwnContexts(ImmutableArray<int> steps) => view.Context == AttentionKind.Full
        ? from step in steps.Where(step => step >= 0).Distinct() from i in Enumerable.Range(0, hyperschedule.Length)
            where hyperschedule.RegionAt(step, i) == Region.Settled select new InputSlot(i, SlotRole.Context, step)
        : [];

    private bool Sees(InputSlot query, InputSlot key) => (query.Role, key.Role) switch
    {
        (SlotRole.Context, SlotRole.Context) => query.Step == key.Step && InContext(query.Position, key.Position),
        (SlotRole.Active, SlotRole.Context) => key.Step == InputSlot.Every
            ? view.Context != AttentionKind.Full && hyperschedule.RegionAt(query.Step, key.Position) == Region.Settled
            : key.Step == query.Step,
        (SlotRole.Active, SlotRole.Active) =>
            query.Step == key.Step && (view.Block != AttentionKind.Causal || key.Position <= query.Position),
        // The slot behind the last token predicts nothing, and no query attends to it.
        (SlotRole.Later, SlotRole.Later) => view.PostActive
            && (query.Position >= hyperschedule.Length || (key.Position < hyperschedule.Length && InContext(query.Position, key.Position))),
        _ => false,
    };
}
