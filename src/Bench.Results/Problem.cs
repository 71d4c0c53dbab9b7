namespace Bench.Results;

/// <summary>Something wrong with what the user wrote, found before any work is done.</summary>
/// <param name="Where">File, line and column, or the option's name.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Fix">What to write instead.</param>
public sealed record Problem(string Where, string What, string Fix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Where}: {What}{Environment.NewLine}    {Fix}";
}

/// <summary>
/// A failure that a user can act on: one line of what went wrong, one of what to do. Ends the program with exit code 1, without a stack
/// trace.
/// </summary>
public sealed class SuiteException(string what, string fix, Exception? inner = null) : Exception(what, inner)
{
    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;
}
