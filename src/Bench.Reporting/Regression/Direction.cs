namespace Bench.Reporting.Regression;

/// <summary>Which way a guarded metric may go.</summary>
public enum Direction
{
    /// <summary>Less is better.</summary>
    Less,

    /// <summary>More is better.</summary>
    More,

    /// <summary>Neither is better: it may not move.</summary>
    Same,
}
