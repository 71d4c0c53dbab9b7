namespace Bench.Results;

/// <summary>A file or folder under a results folder that is not needed any more.</summary>
/// <param name="Run">The run's folder; null where it belongs to none.</param>
/// <param name="Path">The file or folder to delete.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Why">What it is, as text.</param>
public sealed record Spare(string? Run, string Path, long Bytes, string Why);
