using System.Collections.Immutable;

namespace Bench.Sampling.Released;

/// <summary>What a released sampler shows a network in one call.</summary>
/// <param name="Tokens">[B][C], mask included. Not to be kept: the sampler goes on with them.</param>
public sealed record ReleasedCall(long[][] Tokens)
{
    /// <summary>[C] total noise; none where the network is not told.</summary>
    public ImmutableArray<double> Sigma { get; init; } = [];

    /// <summary>[C, C] who may attend to whom; null for everybody to everybody.</summary>
    public bool[,]? Sees { get; init; }
}
