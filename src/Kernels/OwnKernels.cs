namespace Bench.Kernels;

/// <summary>Kernels of the suite's own; each stands for a chain of tensor operators, which is what runs where it is turned off.</summary>
[Flags]
public enum OwnKernels
{
    /// <summary>Tensor operators alone.</summary>
    None = 0,

    /// <summary>Rotary attention.</summary>
    Attention = 1,

    /// <summary>The gated residual, normalised and modulated.</summary>
    Normalise = 2,

    /// <summary>GELU with its bias.</summary>
    Gelu = 4,

    /// <summary>Cross-entropy from the head's product.</summary>
    CrossEntropy = 8,

    /// <summary>Clipping, AdamW and the moving average of the weights.</summary>
    AdamW = 16,

    /// <summary>Linear layers in float32 that no gradient is recorded of.</summary>
    Linear = 32,

    /// <summary>Every one.</summary>
    All = 63,
}
