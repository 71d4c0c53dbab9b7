using Bench.Kernels.Native;
using static TorchSharp.torch;

namespace Bench.Kernels;

/// <summary>The optimiser's update of all parameters in one pass over memory.</summary>
/// <remarks>Every bit of the results is independent of the threads and of the vector instructions that the processor has.</remarks>
public static unsafe class OptimiserKernel
{
    /// <summary>Whether the kernel is to be used, and can work on a tensor: float32, contiguous, on the CPU.</summary>
    public static bool Supports(Tensor tensor) =>
        KernelSwitch.Uses(OwnKernels.AdamW) && Library.IsLoaded && tensor.dtype == float32
            && tensor.device_type == TorchSharp.DeviceType.CPU && tensor.is_contiguous();

    /// <summary>Σ g² over all parameters, in float64.</summary>
    /// <param name="gradients">float32.</param>
    /// <exception cref="ArgumentException">One of them is not as <see cref="Supports"/> asks.</exception>
    public static double SquaredNorm(params ReadOnlySpan<Tensor> gradients)
    {
        long* sizes = stackalloc long[gradients.Length];
        float** addresses = stackalloc float*[gradients.Length];
        for (int i = 0; i < gradients.Length; i++)
        {
            sizes[i] = gradients[i].numel();
            addresses[i] = Memory.Floats(gradients[i], "gradient");
        }

        Library.Check(Library.bench_squared_norm(gradients.Length, sizes, addresses, out double sum));
        foreach (var gradient in gradients)
            GC.KeepAlive(gradient);
        return sum;
    }

    /// <summary>One update of weights and moments, and of the weights' moving average.</summary>
    /// <param name="parameters">Each with its gradient and its state.</param>
    /// <param name="step">What is the same for all.</param>
    /// <exception cref="ArgumentException">A tensor is not as <see cref="Supports"/> asks, or not of its weight's size.</exception>
    public static void AdamW(ReadOnlySpan<AdamWParameter> parameters, in AdamWStep step)
    {
        int count = parameters.Length;
        long* sizes = stackalloc long[count];
        float** addresses = stackalloc float*[5 * count];
        float* decays = stackalloc float[count];
        for (int i = 0; i < count; i++)
        {
            var p = parameters[i];
            (sizes[i], decays[i]) = (p.Weight.numel(), p.WeightDecay);
            Tensor[] tensors = [p.Weight, p.Gradient, p.First, p.Second, p.Average];
            for (int j = 0; j < tensors.Length; j++)
            {
                Memory.Require(
                    tensors[j].numel() == sizes[i], "gradient, moments and average have the size of their weight", tensors[j], p.Weight);
                addresses[(j * count) + i] = Memory.Floats(tensors[j], "weight, gradient, moment or average");
            }
        }

        Library.Check(Library.bench_adamw(new()
        {
            Parameters = count,
            Sizes = sizes,
            Weights = addresses,
            Gradients = addresses + count,
            Firsts = addresses + (2 * count),
            Seconds = addresses + (3 * count),
            Averages = addresses + (4 * count),
            Decays = decays,
            Scale = step.Scale,
            LearningRate = step.LearningRate,
            Beta1 = step.Beta1,
            Beta2 = step.Beta2,
            Epsilon = step.Epsilon,
            Correction1 = step.Correction1,
            Correction2 = step.Correction2,
            Ema = step.EmaDecay,
        }));
        foreach (var parameter in parameters)
            GC.KeepAlive(parameter);
    }
}

/// <summary>A parameter as AdamW updates it; tensors of one size.</summary>
/// <param name="Weight">Updated.</param>
/// <param name="Gradient">Read.</param>
/// <param name="First">The first moment, updated.</param>
/// <param name="Second">The second moment, updated.</param>
/// <param name="Average">The weight's moving average, updated.</param>
/// <param name="WeightDecay">λ, decoupled: the weight shrinks by ηλ.</param>
public sealed record AdamWParameter(Tensor Weight, Tensor Gradient, Tensor First, Tensor Second, Tensor Average, float WeightDecay);

/// <summary>What one AdamW update does alike to all parameters.</summary>
/// <param name="Scale">What gradients are multiplied by: the clipping.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Correction1">1 − β₁ⁿ.</param>
/// <param name="Correction2">1 − β₂ⁿ.</param>
/// <param name="EmaDecay">Decay of the weights' moving average.</param>
public readonly record struct AdamWStep(
    float Scale, float LearningRate, float Beta1, float Beta2, float Epsilon, float Correction1, float Correction2, float EmaDecay);
