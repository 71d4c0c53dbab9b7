namespace Bench.Experiments.Running;

/// <summary>What computes a run, for <c>environment.json</c>.</summary>
/// <param name="Libtorch">Version and libraries of the tensor engine, or "none".</param>
/// <param name="Device">The device and the type of its products.</param>
/// <param name="Threads">Threads that compute.</param>
internal sealed record ComputeEngine(string Libtorch, string Device, int Threads)
{
    /// <summary>C# on one core.</summary>
    public static ComputeEngine Managed { get; } = new("none", "cpu", 1);
}
