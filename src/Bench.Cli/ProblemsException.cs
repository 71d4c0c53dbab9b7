using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Cli;

/// <summary>The input is wrong, in all of these ways.</summary>
internal sealed class ProblemsException(params ImmutableArray<Problem> problems) : Exception($"{problems.Length} problems")
{
    public ImmutableArray<Problem> Problems { get; } = problems;

    /// <summary>What did not come about, for the last line.</summary>
    public string Outcome { get; init; } = "nothing was run";

    /// <summary>One of <see cref="ExitCodes"/>: another one where runs went before.</summary>
    public int Code { get; init; } = ExitCodes.BadInput;
}
