using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>What definitions came to: runs, or what is wrong with them. One of the two is empty.</summary>
/// <param name="Runs">Every method with every seed, file by file.</param>
/// <param name="Problems">All of them, file by file, in the order of the file.</param>
public sealed record Reading(ImmutableArray<RunSpec> Runs, ImmutableArray<Problem> Problems)
{
    /// <summary>The definitions themselves; none where something is wrong.</summary>
    public ImmutableArray<DefinitionText> Texts { get; init; } = [];
}
