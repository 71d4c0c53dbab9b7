using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Hyperschedules;

/// <summary>What a file of levels came to: a hyperschedule, or what is wrong with it.</summary>
/// <param name="Path">Null where there are problems.</param>
/// <param name="Problems">All of them, in the order of the file.</param>
public sealed record LevelTableReading(Hyperschedule? Path, ImmutableArray<Problem> Problems);
