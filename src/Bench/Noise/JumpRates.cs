namespace Bench.Noise;

/// <summary>Jumps per unit of total noise σ: from a word to a uniformly drawn one (itself included), from a word to [MASK], and from [MASK] to a uniformly drawn word.</summary>
public readonly record struct JumpRates(double Uniform, double Mask, double Unmask = 0);
