using Bench.Results.Runs;

namespace Bench.Reporting.Regression;

/// <summary>A kind of number that is guarded.</summary>
/// <param name="Metric">Its name in baselines.</param>
/// <param name="Better">Which way it may go.</param>
/// <param name="Floor">
/// Standard deviation between seeds, at least, of a number that draws always go into: all of a few seeds may agree, as shares do at 1, and the next one need not.
/// 0 where it depends on the method: what is counted, and what was learned by counting, no seed changes.
/// </param>
/// <param name="Find">What a run says of it, once for each place where it is measured.</param>
internal sealed record Guard(string Metric, Direction Better, double Floor, Func<RunRecord, IEnumerable<(string Where, string Unit, double Value)>> Find);
