using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>A parameter as AdamW updates it; tensors of one size.</summary>
/// <param name="Weight">Updated.</param>
/// <param name="Gradient">Read.</param>
/// <param name="First">The first moment, updated.</param>
/// <param name="Second">The second moment, updated.</param>
/// <param name="Average">The weight's moving average, updated.</param>
/// <param name="WeightDecay">λ, decoupled: the weight shrinks by ηλ.</param>
public sealed record AdamWParameter(Tensor Weight, Tensor Gradient, Tensor First, Tensor Second, Tensor Average, float WeightDecay);
