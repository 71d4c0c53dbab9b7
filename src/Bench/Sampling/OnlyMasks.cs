using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling;

/// <summary>The refusal of samplers made for tokens that are either masked or clean.</summary>
internal static class OnlyMasks
{
    /// <summary>The reason against noise that does more than mask; null where it only masks.</summary>
    public static string? Refusal(DiffusionSetup setup) =>
        setup.Process is Absorbing ? null : $"this step is written for absorbing noise, not for {setup.Process.Name}";
}
