using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>How a denoiser is asked in the course of a generation, and what that took.</summary>
internal abstract class NetworkCalls(Denoising problem, int rows, Device device) : IDisposable
{
    /// <summary>Calls so far: NFE.</summary>
    public int Count { get; private set; }

    /// <summary>Columns that went through the network so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>What kept keys and values take.</summary>
    public virtual long CacheBytes => 0;

    protected Denoising Problem => problem;

    protected int Rows => rows;

    /// <summary>Keeps keys and values where that is asked for, possible and of use, else computes everything anew in every step.</summary>
    public static NetworkCalls Of(IDenoiser network, Denoising problem, int rows, Device device, bool caches) =>
        caches && CanKeep(network, problem) ? new CachedCalls((ICachingDenoiser)network, problem, rows, device) : new WholeCalls(network, problem, rows, device);

    /// <summary>Whether keys and values can be kept, and are ever looked at again.</summary>
    public static bool CanKeep(IDenoiser network, Denoising problem) => network is ICachingDenoiser && problem.Path.NeedsContext && Caching.IsCacheable(problem.Path, problem.View);

    /// <summary>One call.</summary>
    /// <param name="tokens">Rows·L tokens.</param>
    /// <param name="step">The step, which says what is settled.</param>
    /// <param name="asked">M indices of active tokens.</param>
    /// <param name="times">The noise time of the active tokens of each row, where it is not that of the step.</param>
    /// <returns>[M, V]</returns>
    public Tensor Logits(long[] tokens, int step, IReadOnlyList<int> asked, IReadOnlyList<double>? times)
    {
        Count++;
        // The network sees nothing behind the last active position, which is where the worthless ones are.
        var path = problem.Path;
        int window = path.NeedsContext ? Enumerable.Range(0, path.Length).Last(i => path.RegionAt(step, i) == Region.Active) + 1 : path.Length;
        return Call(tokens, step, window, asked, times);
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    protected abstract Tensor Call(long[] tokens, int step, int window, IReadOnlyList<int> asked, IReadOnlyList<double>? times);

    /// <summary>What stands in columns: the token of their position or, in a shifted view, the one before, with a mask at position −1.</summary>
    /// <returns>[B, C] tokens, and σ as the network is told it.</returns>
    protected (Tensor Tokens, Tensor? Sigma) Fill(long[] tokens, int step, ImmutableArray<int> positions, IReadOnlyList<double>? times)
    {
        int behind = problem.View.Shifted ? 1 : 0, length = problem.Path.Length;
        var held = new long[rows * positions.Length];
        var sigma = new double[held.Length];
        foreach (var (c, position) in positions.Index())
        {
            int i = position - behind;
            double noise = i < 0 ? 0 : problem.Schedule.Sigma(problem.Path.TimeAt(step, i));
            bool isTimed = times is not null && i >= 0 && problem.Path.RegionAt(step, i) == Region.Active;
            for (int row = 0; row < rows; row++)
            {
                held[(row * positions.Length) + c] = i < 0 ? problem.Words.MaskId : tokens[(row * length) + i];
                sigma[(row * positions.Length) + c] = isTimed ? problem.Schedule.Sigma(times![row]) : noise;
            }
        }

        Tokens += held.Length;
        return (tensor(held, [rows, positions.Length], device: device), problem.View.IsTold ? Condition.Tell(sigma, rows, device) : null);
    }

    /// <summary>[M] where in rows of columns the asked tokens are predicted.</summary>
    /// <param name="asked">M indices of tokens.</param>
    /// <param name="columns">C.</param>
    /// <param name="columnOf">The column that predicts a position.</param>
    protected Tensor Wanted(IReadOnlyList<int> asked, int columns, Func<int, int> columnOf) =>
        tensor([.. asked.Select(at => ((long)(at / problem.Path.Length) * columns) + columnOf(at % problem.Path.Length))], device: device);
}
