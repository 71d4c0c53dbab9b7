namespace Bench.Cli.Work;

/// <summary>An event from a worker; null when there will be no more.</summary>
internal readonly record struct WorkerNews(Worker Worker, WorkEvent? Happened);
