namespace Bench.Experiments.Speed;

/// <summary>What a step of a peer took.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Time of all cores together.</param>
public readonly record struct PeerStep(double Seconds, double ProcessorSeconds);
