namespace Bench.Kernels;

/// <summary>What one AdamW update does alike to all parameters.</summary>
/// <param name="Scale">What gradients are multiplied by: the clipping.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Correction1">1 − β₁ⁿ.</param>
/// <param name="Correction2">1 − β₂ⁿ.</param>
/// <param name="EmaDecay">Decay of the weights' moving average.</param>
public readonly record struct AdamWStep(float Scale, float LearningRate, float Beta1, float Beta2, float Epsilon, float Correction1, float Correction2, float EmaDecay);
