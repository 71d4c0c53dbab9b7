using System.Collections.Immutable;

namespace Bench.Hyperschedules;

/// <summary>A hyperschedule as the authors' code counts it (HDLM, arXiv 2504.06416): steps from 1, levels as they are <em>after</em> a step, settled positions counted by its tables.</summary>
/// <remarks>
/// For faithful comparison. It differs from <see cref="Hyperschedule"/>: a level of 0 is called active until it is counted as settled, slides whose width is not
/// their depth fall by several levels at once and take more steps, and block-slides pause at the last level but one.
/// </remarks>
public interface IReleasedSchedule
{
    /// <summary>K: the level of a position that is nothing but noise.</summary>
    int Worthless { get; }

    /// <summary>Positions at the front that a step takes for settled.</summary>
    int SettledAt(int step);

    /// <summary>The level of each position after a step; before the first one, at step 0, all are worthless.</summary>
    ImmutableArray<int> LevelsAt(int step, int length);

    /// <summary>The first step that is not needed any more; training draws from the ones before it.</summary>
    int EndOf(int length);

    /// <summary>The same levels as a hyperschedule of this suite: a table of <see cref="EndOf"/> rows.</summary>
    Hyperschedule Tabulate(int length) => Hyperschedule.FromTable([.. Enumerable.Range(0, EndOf(length)).Select(step => (IReadOnlyList<int>)LevelsAt(step, length))], $"released-{this}");
}
