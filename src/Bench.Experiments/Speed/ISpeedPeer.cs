using System.Collections.Immutable;
using Bench.Experiments.Machine;
using Bench.Training;

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

/// <summary>The task of another implementation that has the same as a case.</summary>
/// <param name="Work">As the script names it.</param>
/// <param name="Batch">Texts of a step.</param>
/// <param name="Calls">Calls of the network that a generation is asked for; 1 for a training step.</param>
/// <param name="Faster">How it can be done other than in <c>fp32</c> as it is.</param>
public sealed record PeerTask(string Work, int Batch, int Calls, string Faster)
{
    private const string Bf16 = "bf16-autocast", Cache = "fp32-cache";

    /// <summary>Whether products can be in bf16 here: where the processor has none, a step of autocast takes minutes.</summary>
    public static bool HasBf16 => TorchEnvironment.Usable(Precision.BFloat16) == Precision.BFloat16;

    /// <summary>The ways in which kuleshov-group/mdlm can do it here.</summary>
    public ImmutableArray<string> Modes => Faster == Bf16 && !HasBf16 ? ["fp32"] : ["fp32", Faster];

    /// <summary>That of a case; null where peers have no such thing.</summary>
    public static PeerTask? Of(ISpeedCase row) => row switch
    {
        TrainingCase { Method.Name: "mdlm" or "ar" } training => new($"train-{training.Method.Name}", training.Size.Batch, Calls: 1, Bf16),
        SamplingCase { Method.Name: "mdlm" } sampling => new("sample-mdlm", sampling.Batch, sampling.Steps, Bf16),
        SamplingCase { Method.Name: "ar" } sampling => new("sample-ar", sampling.Batch, sampling.Steps, Cache),
        _ => null,
    };
}
