using System.Collections.Immutable;

namespace Bench.Hyperschedules;

/// <summary>One draw of a bound along a hyperschedule: at which step each position is looked at, so that a single pass over the network serves them all.</summary>
/// <param name="Steps">The step of each position, at which it is active; −1 where it is not looked at.</param>
/// <param name="Times">Noise time of each position at its step, in (0, 1]; of one that is not looked at, at the draw's step, 0 if settled.</param>
/// <param name="Next">Noise time after that step; null where the steps are infinitely short.</param>
/// <param name="Weight">What a position counts, so that the expectation over draws is the sum over all steps: how many steps one draw stands for.</param>
public sealed record LevelDraw(ImmutableArray<int> Steps, ImmutableArray<double> Times, ImmutableArray<double>? Next, double Weight);
