namespace Bench.Experiments.Slurm;

/// <summary>A task of a job array: it carries out one run.</summary>
/// <param name="Id">The run's.</param>
/// <param name="Label">What people call the run, on one line.</param>
public sealed record ArrayTask(string Id, string Label);
