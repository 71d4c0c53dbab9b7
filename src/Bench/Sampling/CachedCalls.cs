using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Every call computes the active columns and those that have become final since the call before, whose keys and values are kept.</summary>
internal sealed class CachedCalls : NetworkCalls
{
    private readonly ICachingDenoiser network;
    private readonly KeyValueCache cache;

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
        var columns = Continuation.Of(Problem.Path, step, window, Problem.View, cache.Positions);
        var (held, sigma) = Fill(tokens, step, columns.Positions, times);
        return network.Logits(held, sigma, Wanted(asked, columns.Positions.Length, position => columns.Positions.IndexOf(position)), columns, cache).MoveToOuterDisposeScope();
    }
}
