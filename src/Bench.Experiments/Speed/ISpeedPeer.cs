using System.Collections.Immutable;

namespace Bench.Experiments.Speed;

/// <summary>Another implementation that does the same as a case.</summary>
public interface ISpeedPeer
{
    /// <summary>Which code, on what.</summary>
    string System { get; }

    /// <summary>The ways in which it does the same as a case; none where it cannot. It may take minutes to find the fastest.</summary>
    ImmutableArray<string> Modes(ISpeedCase row);

    /// <summary>What it takes for a step.</summary>
    /// <param name="row">A case that it has.</param>
    /// <param name="mode">One of its <see cref="Modes"/>.</param>
    /// <param name="least">Seconds to measure for, at least; 0 only to get ready and warm.</param>
    PeerStep Step(ISpeedCase row, string mode, double least);
}

/// <summary>What a step of a peer took.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all cores together.</param>
public readonly record struct PeerStep(double Seconds, double ProcessorSeconds);
