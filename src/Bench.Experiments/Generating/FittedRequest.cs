using System.Collections.Immutable;
using Bench.Results;

namespace Bench.Experiments.Generating;

/// <summary>What a request came to: something that writes texts, or what is wrong with it. One of the two is empty.</summary>
public sealed record FittedRequest(TextGenerator? Writer, ImmutableArray<Problem> Problems);
