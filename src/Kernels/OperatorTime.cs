namespace Bench.Kernels;

/// <summary>What one part of a piece of work took.</summary>
/// <param name="Name">The part: a kernel, a product, a stage of the step.</param>
/// <param name="IsBackward">Whether it belongs to a backward pass.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">Without the parts within it.</param>
public sealed record OperatorTime(string Name, bool IsBackward, long Calls, double Seconds);
