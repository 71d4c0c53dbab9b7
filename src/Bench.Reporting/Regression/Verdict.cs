namespace Bench.Reporting.Regression;

/// <summary>What became of a guarded metric.</summary>
public enum Verdict
{
    /// <summary>Within what chance allows.</summary>
    Same,

    /// <summary>Less by more than chance allows: the baseline is out of date.</summary>
    Better,

    /// <summary>More by more than chance allows.</summary>
    Worse,

    /// <summary>The results do not have it.</summary>
    Missing,

    /// <summary>The baseline does not have it.</summary>
    Unguarded,
}
