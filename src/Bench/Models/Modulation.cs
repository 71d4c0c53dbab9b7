using static TorchSharp.torch;

namespace Bench.Models;

/// <summary>x (1 + scale) + shift.</summary>
internal static class Modulation
{
    /// <summary>Modulates, or leaves x alone where there is nothing to modulate by.</summary>
    /// <param name="x">[B, L, D]</param>
    /// <param name="shift">[B, 1 or L, D], or null to leave x alone.</param>
    /// <param name="scale">[B, 1 or L, D]</param>
    public static Tensor Apply(Tensor x, Tensor? shift, Tensor? scale) =>
        shift is null || scale is null ? x : (x * (scale + 1)) + shift;
}
