namespace TorchSharp;

/// <summary>What an operator took while a profile was taken.</summary>
/// <param name="Name">As libtorch calls it: <c>aten::mm</c>, <c>MmBackward0</c>, or what a kernel calls itself.</param>
/// <param name="IsBackward">Whether the backward pass called it.</param>
/// <param name="Calls">How often.</param>
/// <param name="Seconds">In itself, without the operators that it called.</param>
public sealed record OperatorTime(string Name, bool IsBackward, long Calls, double Seconds);
