using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Kernels;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>How a denoiser is asked in the course of a generation, and what that took.</summary>
internal abstract class NetworkCalls(DiffusionSetup setup, int rows, Device device) : IDisposable
{
    private readonly AskedRows all = AskedRows.All(rows);

    /// <summary>Calls so far: NFE.</summary>
    public int Count { get; private set; }

    /// <summary>Slots that went through the network so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Rows of all calls so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows·L flags: which tokens are given, and so clean whatever the level of their position; null where none is.</summary>
    public bool[]? Given { get; set; }

    /// <summary>The lengths of the rows, behind which they hold padding; null where none does.</summary>
    public int[]? Lengths { get; set; }

    /// <summary>What kept keys and values take.</summary>
    public virtual long CacheBytes => 0;

    protected DiffusionSetup Setup => setup;

    protected Device Device => device;

    /// <summary>Keeps keys and values where that is asked for, possible and of use, else computes everything anew in every step.</summary>
    /// <param name="network">The denoiser.</param>
    /// <param name="setup">How it is to be asked.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="caches">Whether keys and values may be kept.</param>
    /// <param name="productType">The type of products in calls that compute all slots; null for the network's own. Calls of a few slots
    /// behind kept ones gain nothing from it.</param>
    public static NetworkCalls Of(
        IDenoiser network, DiffusionSetup setup, int rows, Device device, bool caches, ScalarType? productType = null) =>
        caches && CanKeep(network, setup)
            ? new CachedCalls(network, setup, rows, device)
            : new WholeCalls(network, setup, rows, device, productType);

    /// <summary>Whether keys and values can be kept, and are ever looked at again.</summary>
    public static bool CanKeep(IDenoiser network, DiffusionSetup setup) =>
        network.IsCaching && Caching.IsOfUse(setup.Hyperschedule, setup.View);

    /// <summary>Goes on where rows became copies of others: row r of the one in entry r.</summary>
    public virtual void Copy(int[] from)
    {
    }

    /// <summary>One call, for the sequences of the asked tokens.</summary>
    /// <param name="tokens">Rows·L tokens.</param>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="times">The noise time of the active tokens of each row, where it is not that of the step.</param>
    /// <returns>[M, V]</returns>
    public Tensor Logits(long[] tokens, int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        Count++;
        return Call(tokens, step, setup.Hyperschedule.WindowAt(step), asked, times);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    protected abstract Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times);

    /// <summary>The sequences of a call.</summary>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="allRows">Whether all rows are computed.</param>
    protected AskedRows RowsOf(IReadOnlyList<int> asked, bool allRows) =>
        allRows || rows == 1 ? all : AskedRows.Of(asked, rows, setup.Hyperschedule.Length);

    /// <summary>Tokens of the slots: that of their position or, in a shifted view, the one before, with a mask at position −1.</summary>
    /// <returns>An input of [B, C] tokens, and of σ; null without noise conditioning.</returns>
    protected DenoiserInput Fill(long[] tokens, int step, ImmutableArray<int> positions, AskedRows batch, IReadOnlyList<double>? times)
    {
        int behind = setup.View.Shifted ? 1 : 0, length = setup.Hyperschedule.Length, slots = positions.Length;
        var held = new long[batch.Count * slots];
        double[]? sigma = setup.View.IsNoiseConditioned ? new double[held.Length] : null;
        for (int c = 0; c < slots; c++)
        {
            int i = positions[c] - behind;
            for (int place = 0; place < batch.Count; place++)
                held[(place * slots) + c] = i < 0 ? setup.Vocabulary.MaskId : tokens[(batch.Numbers[place] * length) + i];
            if (sigma is null)
                continue;
            double noise = i < 0 ? 0 : setup.Schedule.Sigma(setup.Hyperschedule.TimeAt(step, i));
            bool isTimed = times is not null && i >= 0 && setup.Hyperschedule.RegionAt(step, i) == Region.Active;
            for (int place = 0; place < batch.Count; place++)
            {
                int row = batch.Numbers[place];
                sigma[(place * slots) + c] = i >= 0 && Given?[(row * length) + i] == true ? setup.Schedule.Sigma(0)
                    : isTimed ? setup.Schedule.Sigma(times![row])
                    : noise;
            }
        }

        Tokens += held.Length;
        Rows += batch.Count;
        var given = sigma is null ? null : Condition.Of(sigma, batch.Count, device);
        return new(tensor(held, [batch.Count, slots]).On(device), given)
        {
            Levels = sigma is null ? null : NoiseLevels.Of(sigma, given),
        };
    }

    /// <summary>[M] where in the slots of a call the asked tokens are predicted.</summary>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="batch">The sequences of the call.</param>
    /// <param name="positions">C positions of its slots.</param>
    protected Tensor Wanted(IReadOnlyList<int> asked, AskedRows batch, ImmutableArray<int> positions)
    {
        int length = setup.Hyperschedule.Length;
        var slotOf = new int[length + 1];
        for (int c = 0; c < positions.Length; c++)
            slotOf[positions[c]] = c;
        var wanted = new long[asked.Count];
        for (int m = 0; m < wanted.Length; m++)
            wanted[m] = ((long)batch.PlaceOf(asked[m] / length) * positions.Length) + slotOf[asked[m] % length];
        return tensor(wanted).On(device);
    }
}

/// <summary>Every call computes all slots but the worthless ones at the end.</summary>
internal sealed class WholeCalls(IDenoiser network, DiffusionSetup setup, int rows, Device device, ScalarType? productType)
    : NetworkCalls(setup, rows, device)
{
    /// <inheritdoc/>
    protected override Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        using var scope = NewDisposeScope();
        var layout = SequenceLayout.Step(Setup.Hyperschedule, step, window, Setup.View);
        var batch = RowsOf(asked, allRows: false);
        if (Lengths is { } lengths)
            layout = layout.Within([.. batch.Numbers.Select(row => lengths[row])], Setup.View);
        var input = Fill(tokens, step, layout.Positions, batch, times);
        var asking = input with { Wanted = Wanted(asked, batch, layout.Positions), Layout = layout, ProductType = productType };
        return network.Logits(asking).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Every call computes the active slots and those that have become final since the call before, whose keys and values are cached.
/// </summary>
internal sealed class CachedCalls : NetworkCalls
{
    private readonly IDenoiser network;
    private readonly KeyValueCache cache;
    private (int Step, int[] Final) last = (-1, []); // slots that can be cached once their step is over: within it they may be asked again

    public CachedCalls(IDenoiser network, DiffusionSetup setup, int rows, Device device)
        : base(setup, rows, device)
    {
        this.network = network;
        cache = network.NewCache(rows, setup.Hyperschedule.Length + 1, device) // in a shifted view one slot more
            ?? throw new ArgumentException("the network keeps no keys and values", nameof(network));
    }

    /// <inheritdoc/>
    public override long CacheBytes => cache.Bytes;

    /// <inheritdoc/>
    public override void Copy(int[] from)
    {
        using var scope = NewDisposeScope();
        cache.Copy(tensor(Array.ConvertAll(from, row => (long)row)).On(Device));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        cache.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        using var scope = NewDisposeScope();
        if (step > last.Step)
            cache.Keep(last.Final);
        var decode = DecodeStep.Of(Setup.Hyperschedule, step, window, Setup.View, cache.Positions);
        // Slots are cached for all sequences at once.
        var batch = RowsOf(asked, allRows: decode.Final > 0);
        var input = Fill(tokens, step, decode.Positions, batch, times);
        cache.Rows = batch.AreAll ? null : tensor(Array.ConvertAll(batch.Numbers, row => (long)row)).On(Device);
        var logits = network.Logits(input with { Wanted = Wanted(asked, batch, decode.Positions), Kept = (decode, cache) });
        cache.Keep(decode.Positions.Take(decode.Settled));
        last = (step, [.. decode.Positions[decode.Settled..decode.Final]]);
        return logits.MoveToOuterDisposeScope();
    }
}

/// <summary>
/// The sequences that a call of the network is for, in their order: sequences do not see each other, so that those of which nothing is
/// asked are left out.
/// </summary>
internal sealed class AskedRows
{
    private readonly int[] places; // of each sequence; −1 where it is left out

    private AskedRows(int[] places) =>
        (this.places, Numbers) = (places, [.. Enumerable.Range(0, places.Length).Where(row => places[row] >= 0)]);

    /// <summary>Their numbers, ascending.</summary>
    public int[] Numbers { get; }

    /// <summary>B: how many.</summary>
    public int Count => Numbers.Length;

    /// <summary>Whether none is left out.</summary>
    public bool AreAll => Numbers.Length == places.Length;

    /// <summary>All of so many.</summary>
    public static AskedRows All(int rows) => new([.. Enumerable.Range(0, rows)]);

    /// <summary>Those of asked tokens.</summary>
    /// <param name="asked">Indices of tokens.</param>
    /// <param name="rows">How many sequences there are.</param>
    /// <param name="length">L.</param>
    public static AskedRows Of(IReadOnlyList<int> asked, int rows, int length)
    {
        var found = new int[rows];
        Array.Fill(found, -1);
        for (int m = 0; m < asked.Count; m++)
            found[asked[m] / length] = 0;
        int count = 0;
        foreach (ref int place in found.AsSpan())
            place = place < 0 ? place : count++;
        return new AskedRows(found);
    }

    /// <summary>Where a sequence stands in the call.</summary>
    public int PlaceOf(int row) => places[row];
}
