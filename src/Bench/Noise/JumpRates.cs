namespace Bench.Noise;

/// <summary>Jumps per unit of total noise σ: to a uniformly drawn word (the same word included), and to [MASK].</summary>
public readonly record struct JumpRates(double Uniform, double Mask);
