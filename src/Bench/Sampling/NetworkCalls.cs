using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>How a denoiser is asked in the course of a generation, and what that took.</summary>
internal abstract class NetworkCalls(Denoising problem, int rows, Device device) : IDisposable
{
    private readonly AskedRows all = AskedRows.All(rows);

    /// <summary>Calls so far: NFE.</summary>
    public int Count { get; private set; }

    /// <summary>Columns that went through the network so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>What kept keys and values take.</summary>
    public virtual long CacheBytes => 0;

    protected Denoising Problem => problem;

    protected Device Device => device;

    /// <summary>Keeps keys and values where that is asked for, possible and of use, else computes everything anew in every step.</summary>
    public static NetworkCalls Of(IDenoiser network, Denoising problem, int rows, Device device, bool caches) =>
        caches && CanKeep(network, problem) ? new CachedCalls((ICachingDenoiser)network, problem, rows, device) : new WholeCalls(network, problem, rows, device);

    /// <summary>Whether keys and values can be kept, and are ever looked at again.</summary>
    public static bool CanKeep(IDenoiser network, Denoising problem) => network is ICachingDenoiser && problem.Path.NeedsContext && Caching.IsCacheable(problem.Path, problem.View);

    /// <summary>One call, for the sequences of the asked tokens.</summary>
    /// <param name="tokens">Rows·L tokens.</param>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="times">The noise time of the active tokens of each row, where it is not that of the step.</param>
    /// <returns>[M, V]</returns>
    public Tensor Logits(long[] tokens, int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        Count++;
        return Call(tokens, step, problem.Path.WindowAt(step), asked, times);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    protected abstract Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times);

    /// <summary>The sequences of a call.</summary>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="everybody">Whether the others have to come along.</param>
    protected AskedRows Rows(IReadOnlyList<int> asked, bool everybody) => everybody || rows == 1 ? all : AskedRows.Of(asked, rows, problem.Path.Length);

    /// <summary>What stands in columns: the token of their position or, in a shifted view, the one before, with a mask at position −1.</summary>
    /// <returns>[B, C] tokens, and σ as the network is told it.</returns>
    protected (Tensor Tokens, Tensor? Sigma) Fill(long[] tokens, int step, ImmutableArray<int> positions, AskedRows batch, IReadOnlyList<double>? times)
    {
        int behind = problem.View.Shifted ? 1 : 0, length = problem.Path.Length, columns = positions.Length;
        var held = new long[batch.Count * columns];
        double[]? sigma = problem.View.IsTold ? new double[held.Length] : null;
        for (int c = 0; c < columns; c++)
        {
            int i = positions[c] - behind;
            for (int place = 0; place < batch.Count; place++)
                held[(place * columns) + c] = i < 0 ? problem.Words.MaskId : tokens[(batch.Numbers[place] * length) + i];
            if (sigma is null)
                continue;
            double noise = i < 0 ? 0 : problem.Schedule.Sigma(problem.Path.TimeAt(step, i));
            bool isTimed = times is not null && i >= 0 && problem.Path.RegionAt(step, i) == Region.Active;
            for (int place = 0; place < batch.Count; place++)
                sigma[(place * columns) + c] = isTimed ? problem.Schedule.Sigma(times![batch.Numbers[place]]) : noise;
        }

        Tokens += held.Length;
        return (tensor(held, [batch.Count, columns], device: device), sigma is null ? null : Condition.Tell(sigma, batch.Count, device));
    }

    /// <summary>[M] where in the columns of a call the asked tokens are predicted.</summary>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="batch">The sequences of the call.</param>
    /// <param name="positions">C positions of its columns.</param>
    protected Tensor Wanted(IReadOnlyList<int> asked, AskedRows batch, ImmutableArray<int> positions)
    {
        int length = problem.Path.Length;
        var columnOf = new int[length + 1];
        for (int c = 0; c < positions.Length; c++)
            columnOf[positions[c]] = c;
        var wanted = new long[asked.Count];
        for (int m = 0; m < wanted.Length; m++)
            wanted[m] = ((long)batch.PlaceOf(asked[m] / length) * positions.Length) + columnOf[asked[m] % length];
        return tensor(wanted, device: device);
    }
}
