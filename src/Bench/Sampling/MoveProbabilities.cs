namespace Bench.Sampling;

/// <summary>What becomes of a token in a step, decided before the network is asked.</summary>
/// <param name="Masked">The probability that a token is masked.</param>
/// <param name="Drawn">The probability that the token is drawn from what the network predicts. Otherwise it stays what it is.</param>
public readonly record struct MoveProbabilities(double Masked, double Drawn);
