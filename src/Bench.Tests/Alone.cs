using Xunit;

namespace Bench.Tests;

/// <summary>
/// Tests that watch something of the whole process - live tensors, its memory, its threads, the current folder - run one after the other,
/// when all others have ended: <c>[Collection(nameof(Alone))]</c>.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
