namespace Bench.Cli.Doctor;

/// <summary>One thing that was looked for.</summary>
/// <param name="Name">What.</param>
/// <param name="Verdict">Whether it is there.</param>
/// <param name="Found">What was found.</param>
/// <param name="Fix">What to do when it is not as it should be; null when nothing is to be done.</param>
internal sealed record Finding(string Name, Verdict Verdict, string Found, string? Fix = null)
{
    public static Finding Ok(string name, string found) => new(name, Verdict.Ok, found);
}

/// <summary>Whether what was looked for is there.</summary>
internal enum Verdict
{
    Ok,

    /// <summary>The suite works without it, but slower or not in every part.</summary>
    Weak,

    /// <summary>The main job cannot be done without it.</summary>
    Missing,
}
