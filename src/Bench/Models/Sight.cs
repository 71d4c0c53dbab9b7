using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Bench.Hyperschedules;

namespace Bench.Models;

/// <summary>
/// Who may attend to whom along a hyperschedule (HDLM, arXiv 2504.06416): one relation for a step of generation and for the doubled pass of training,
/// which is why what is trained is what is sampled.
/// </summary>
/// <remarks>
/// Columns are judged by what they predict. In a shifted view the column of the last settled token predicts the first active one: it belongs to the
/// active block, and becomes context when that position is settled. So no context column ever looks at anything that is not final.
/// </remarks>
internal sealed class Sight
{
    // A backbone recognises a layout by its identity, and a training run asks for few different ones.
    private static readonly ConditionalWeakTable<Hyperschedule, ConcurrentDictionary<BackboneView, Sight>> All = new();

    private readonly Hyperschedule path;
    private readonly BackboneView view;
    private readonly int[] changes; // steps in which some position is not what it was in the one before
    private readonly ConcurrentDictionary<string, Layout> passes = [];
    private readonly ConcurrentDictionary<(int Step, int Columns, int Kept), (int[] Kept, Continuation Columns)> continuations = [];

    private Sight(Hyperschedule path, BackboneView view)
    {
        (this.path, this.view) = (path, view);
        if (view.Shifted && !IsLeftToRight(path))
            throw new ArgumentException($"{path.Name} does not go from left to right, but in a shifted view each token is predicted from the one before it; use an aligned view", nameof(view));
        changes = [.. Enumerable.Range(0, path.Length).SelectMany(i => new[] { path.OnsetOf(i), path.SettledAfter(i) }).Append(0).Distinct().Order()];
    }

    private int Behind => view.Shifted ? 1 : 0;

    // Some hundred megabytes of masks.
    private int MostPasses => (int)Math.Max(16, (1 << 26) / ((long)path.Length * path.Length));

    /// <summary>That of a hyperschedule and a view.</summary>
    public static Sight Of(Hyperschedule path, BackboneView view) => All.GetOrCreateValue(path).GetOrAdd(view, asked => new Sight(path, asked));

    /// <summary>Whether a context column may attend to another one, once both are settled.</summary>
    public bool InContext(int query, int key) => view.Context switch
    {
        Attention.Full => true,
        Attention.Causal => key <= query && path.SettlesNoLater(key, query),
        _ => path.SettlesNoLater(key, query),
    };

    /// <summary>The first columns of one step of generation.</summary>
    public Layout Step(int step, int columns) =>
        Known($"step {First(step)}, {columns}", () => [.. Enumerable.Range(0, columns).Select(i => new Column(i, RoleOf(i, First(step)), First(step)))]);

    /// <summary>The columns of one step of generation that are not kept.</summary>
    public Continuation Continue(int step, int columns, IReadOnlyList<int> kept)
    {
        // Generation after generation keeps the same ones, unless steps were left out because nothing moved in them.
        if (continuations.TryGetValue((step, columns, kept.Count), out var known) && kept.SequenceEqual(known.Kept))
            return known.Columns;
        if (continuations.Count >= MostPasses)
            continuations.Clear();
        var made = Made(step, columns, kept);
        continuations[(step, columns, kept.Count)] = ([.. kept], made);
        return made;
    }

    private Continuation Made(int step, int columns, IReadOnlyList<int> kept)
    {
        int at = First(step);
        var computed = Enumerable.Range(0, columns).Except(kept).Select(i => new Column(i, RoleOf(i, at), at)).ToLookup(column => column.Role);
        var active = computed[Role.Active].ToLookup(column => IsFinal(column, step));
        Column[] queries = [.. computed[Role.Context], .. active[true], .. active[false]];
        int settled = computed[Role.Context].Count();
        Column[] keys = [.. kept.Select(i => new Column(i, Role.Context, at)), .. queries];
        bool[] mask = [.. from query in queries from key in keys select Sees(query, key)];
        return new Continuation(kept.Count, [.. queries.Select(query => query.Position)], settled, settled + active[true].Count(), mask.Contains(false) ? mask : null);
    }

    // Whether an active column is as it will be as context, once its step is over: in a shifted view one may be that holds a settled token, sees nothing but settled ones, and all
    // that it will see. Its position is settled then, so that nobody asks for it again.
    private bool IsFinal(Column column, int step) =>
        column.Position < path.Length && path.SettledAfter(column.Position) <= step + 1
        && Enumerable.Range(0, path.Length + Behind).Select(i => new Column(i, RoleOf(i, column.Step), column.Step)).All(other =>
            Sees(column, other) == (other.Position < path.Length && InContext(column.Position, other.Position))
            && (!Sees(column, other) || other.Position < Behind || path.RegionAt(column.Step, other.Position - Behind) == Region.Settled));

    /// <summary>[clean | noisy], and in a shifted view the last token of each step behind them; one for each row of the batch or, where they agree, one for all.</summary>
    public Layout Doubled(IReadOnlyList<Snapshot> snapshots)
    {
        Layout[] each = [.. snapshots.Select(snapshot => Doubled([.. snapshot.Steps.Select(step => step < 0 ? step : First(step))]))];
        return each.All(layout => layout == each[0]) ? each[0] : Layout.Of([.. each.Select(layout => layout.Row(0))]);
    }

    // Settled, active, worthless: at no step is a position ahead of the one before it.
    internal static bool IsLeftToRight(Hyperschedule path) =>
        Enumerable.Range(1, path.Length - 1).All(i => path.SettlesNoLater(i - 1, i) && path.OnsetOf(i - 1) <= path.OnsetOf(i));

    // Of the steps that see what a step sees.
    private int First(int step)
    {
        int found = Array.BinarySearch(changes, step);
        return changes[found >= 0 ? found : ~found - 1];
    }

    private Layout Doubled(ImmutableArray<int> steps) => Known(string.Join(',', steps), () => [.. Clean(), .. Noisy(steps), .. Lasts(steps), .. OwnContexts(steps)]);

    private Layout Known(string question, Func<ImmutableArray<Column>> columns)
    {
        if (passes.Count >= MostPasses)
            passes.Clear();
        return passes.GetOrAdd(question, _ => Of(columns()));

        Layout Of(ImmutableArray<Column> all) => Layout.Of([ColumnRow.Of(all, (query, key) => Sees(all[query], all[key]))]);
    }

    private Role RoleOf(int position, int step) => (position < path.Length ? path.RegionAt(step, position) : Region.Worthless) switch
    {
        Region.Settled => Role.Context,
        Region.Active => Role.Active,
        // In a shifted view the last active token stands in a column that predicts nothing.
        _ when position >= Behind && position - Behind < path.Length && path.RegionAt(step, position - Behind) == Region.Active => Role.Active,
        _ => Role.Later,
    };

    private IEnumerable<Column> Clean() => Enumerable.Range(0, path.Length).Select(i => new Column(i, Role.Context, Column.Every));

    private static IEnumerable<Column> Noisy(ImmutableArray<int> steps) => steps.Select((step, i) => new Column(i, step < 0 ? Role.Idle : Role.Active, step));

    // In a shifted view the noisy token before each of them stands in the column that predicts it; the last of a step needs one of its own, unless nobody looks ahead.
    private IEnumerable<Column> Lasts(ImmutableArray<int> steps) => view.Shifted && view.Block != Attention.Causal
        ? Enumerable.Range(1, steps.Length).Where(i => steps[i - 1] >= 0 && (i == steps.Length || steps[i] != steps[i - 1])).Select(i => new Column(i, Role.Active, steps[i - 1]))
        : [];

    // A full context changes with every step, so each step needs a context of its own.
    private IEnumerable<Column> OwnContexts(ImmutableArray<int> steps) => view.Context == Attention.Full
        ? from step in steps.Where(step => step >= 0).Distinct() from i in Enumerable.Range(0, path.Length) where path.RegionAt(step, i) == Region.Settled select new Column(i, Role.Context, step)
        : [];

    private bool Sees(Column query, Column key) => (query.Role, key.Role) switch
    {
        (Role.Context, Role.Context) => query.Step == key.Step && InContext(query.Position, key.Position),
        (Role.Active, Role.Context) => key.Step == Column.Every ? view.Context != Attention.Full && path.RegionAt(query.Step, key.Position) == Region.Settled : key.Step == query.Step,
        (Role.Active, Role.Active) => query.Step == key.Step && (view.Block != Attention.Causal || key.Position <= query.Position),
        // The column behind the last token predicts nothing, and nobody looks at it.
        (Role.Later, Role.Later) => view.PostActive && (query.Position >= path.Length || (key.Position < path.Length && InContext(query.Position, key.Position))),
        _ => false,
    };
}
