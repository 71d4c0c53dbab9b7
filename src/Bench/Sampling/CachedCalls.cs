using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Every call computes the active columns and those that have become final since the call before, whose keys and values are kept.</summary>
internal sealed class CachedCalls : NetworkCalls
{
    private readonly ICachingDenoiser network;
    private readonly KeyValueCache cache;
    private (int Step, int[] Final) last = (-1, []); // columns that can be kept once their step is over: within it they may be asked again

    public CachedCalls(ICachingDenoiser network, Denoising problem, int rows, Device device)
        : base(problem, rows, device)
    {
        this.network = network;
        cache = network.Cache(rows, problem.Path.Length + 1, device); // in a shifted view one column more
    }

    /// <inheritdoc/>
    public override long CacheBytes => cache.Bytes;

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
        var columns = Continuation.Of(Problem.Path, step, window, Problem.View, cache.Positions);
        // What can be kept is kept of every sequence.
        var batch = Rows(asked, everybody: columns.Final > 0);
        var (held, sigma) = Fill(tokens, step, columns.Positions, batch, times);
        cache.Rows = batch.AreAll ? null : tensor(Array.ConvertAll(batch.Numbers, row => (long)row), device: Device);
        var logits = network.Logits(held, sigma, Wanted(asked, batch, columns.Positions), columns, cache);
        cache.Keep(columns.Positions.Take(columns.Settled));
        last = (step, [.. columns.Positions[columns.Settled..columns.Final]]);
        return logits.MoveToOuterDisposeScope();
    }
}
