using System.Collections.Immutable;
using Bench.Experiments.Speed;

namespace Bench.Tests.Experiments.Speed;

/// <summary>A peer of constant speed that records its calls.</summary>
internal sealed class AlternatingPeer : ISpeedPeer
{
    public List<string> Asked { get; } = [];

    public string System => "alternating";

    public ImmutableArray<string> Modes(ISpeedCase row) => row is TrainingCase ? ["one", "other"] : [];

    public PeerStep Step(ISpeedCase row, string mode, double least)
    {
        Asked.Add($"{mode} {least > 0}");
        return new(Seconds: 0.25, ProcessorSeconds: 0.5);
    }
}
