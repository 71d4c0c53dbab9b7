using System.Collections.Immutable;
using Bench.Experiments.Speed;

namespace Bench.Tests.Experiments.Speed;

/// <summary>A peer that always takes as long, and remembers what it was asked.</summary>
internal sealed class AlternatingPeer : ISpeedPeer
{
    public List<string> Asked { get; } = [];

    public string System => "somebody";

    public ImmutableArray<string> Modes { get; } = ["one", "other"];

    public double Step(ISpeedCase row, string mode, double seconds)
    {
        Asked.Add($"{mode} {seconds > 0}");
        return 0.25;
    }
}
