namespace Bench.Cli.Work;

/// <summary>Something that a worker said; null where it will say no more.</summary>
internal readonly record struct WorkerNews(Worker Worker, WorkEvent? Happened);
