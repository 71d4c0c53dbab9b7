using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Cli;

/// <summary>The input is wrong, in all of these ways; nothing was run.</summary>
internal sealed class ProblemsException(params ImmutableArray<Problem> problems) : Exception($"{problems.Length} problems")
{
    public ImmutableArray<Problem> Problems { get; } = problems;
}
