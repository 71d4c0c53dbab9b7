namespace Bench.Results;

/// <summary>Something under a results folder that nobody needs any more.</summary>
/// <param name="Run">The run's folder; null where it belongs to none.</param>
/// <param name="Path">The file or folder to delete.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Why">What it is, in words.</param>
public sealed record Spare(string? Run, string Path, long Bytes, string Why);
