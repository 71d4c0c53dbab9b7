namespace Bench.Results;

/// <summary>
/// A failure that a user can act on: one line of what went wrong, one of what to do. Ends the program with exit code 1, without a stack
/// trace.
/// </summary>
public sealed class SuiteException(string what, string fix, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;
}
