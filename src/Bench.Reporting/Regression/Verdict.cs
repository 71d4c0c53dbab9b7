using Bench.Reporting.Validity;

namespace Bench.Reporting.Regression;

/// <summary>What became of a guarded metric.</summary>
public enum Verdict
{
    /// <summary>Within what chance allows.</summary>
    Same,

    /// <summary>Better by more than chance allows: the baseline is out of date.</summary>
    Better,

    /// <summary>Worse by more than chance allows.</summary>
    Worse,

    /// <summary>Moved by more than chance allows, where neither way is better.</summary>
    Changed,

    /// <summary>
    /// What no sound measurement gives (<see cref="Validity.ValueRules"/>), such as a likelihood below the entropy of the text: no
    /// bound, however good it looks.
    /// </summary>
    Impossible,

    /// <summary>The results do not have it.</summary>
    Missing,

    /// <summary>Runs of a guarded method failed or are not finished, so that its numbers are of the others alone.</summary>
    Unfinished,

    /// <summary>The baseline does not have it.</summary>
    Unguarded,
}
