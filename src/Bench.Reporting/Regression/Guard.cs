using Bench.Results;

namespace Bench.Reporting.Regression;

/// <summary>A kind of number that is guarded.</summary>
/// <param name="Metric">Its name in baselines.</param>
/// <param name="Better">Which way it may go.</param>
/// <param name="Find">What a run says of it, once for each place where it is measured.</param>
internal sealed record Guard(string Metric, Direction Better, Func<RunRecord, IEnumerable<(string Where, string Unit, double Value)>> Find);
