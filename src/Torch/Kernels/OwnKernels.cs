namespace Bench.Kernels;

/// <summary>Kernels of the suite's own; each stands for a chain of tensor operators, which is what runs where it is turned off.</summary>
[Flags]
public enum OwnKernels
{
    /// <summary>Tensor operators alone.</summary>
    None = 0,

    /// <summary>Rotary attention.</summary>
    Attention = 1,

    /// <summary>Normalisation with modulation.</summary>
    Normalise = 2,

    /// <summary>The gated residual.</summary>
    Gate = 4,

    /// <summary>GELU with its bias.</summary>
    Gelu = 8,

    /// <summary>Cross-entropy from the head's product.</summary>
    Surprise = 16,

    /// <summary>Clipping, AdamW and the moving average of the weights.</summary>
    AdamW = 32,

    /// <summary>Linear layers of a few rows, as one token each of a few texts has them.</summary>
    Few = 64,

    /// <summary>Every one.</summary>
    All = 127,
}
