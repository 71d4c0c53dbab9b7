using System.Collections.Immutable;

namespace Bench.Experiments.Speed;

/// <summary>Somebody else's code that does the same as a case.</summary>
public interface ISpeedPeer
{
    /// <summary>Which code, on what.</summary>
    string System { get; }

    /// <summary>The ways in which it can be run.</summary>
    ImmutableArray<string> Modes { get; }

    /// <summary>Seconds that it takes for a step.</summary>
    /// <param name="row">A case that it has.</param>
    /// <param name="mode">One of <see cref="Modes"/>.</param>
    /// <param name="seconds">To measure for; 0 only to get ready and warm.</param>
    double Step(ISpeedCase row, string mode, double seconds);
}
