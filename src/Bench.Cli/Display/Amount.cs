namespace Bench.Cli.Display;

/// <summary>A sum of which parts may be estimates, or known to nobody.</summary>
/// <param name="Known">Of what is known or estimated.</param>
/// <param name="IsAbout">Whether something in it is an estimate.</param>
/// <param name="IsPart">Whether something is missing from it.</param>
internal readonly record struct Amount(double Known, bool IsAbout, bool IsPart)
{
    /// <summary>One part.</summary>
    /// <param name="value">Null where nobody knows.</param>
    /// <param name="isAbout">Whether it is an estimate.</param>
    public static Amount Of(double? value, bool isAbout = false) => new(value ?? 0, isAbout && value is not null, value is null);

    /// <summary>All parts.</summary>
    public static Amount Of(IEnumerable<Amount> parts) => parts.Aggregate(default(Amount), (sum, part) => new(sum.Known + part.Known, sum.IsAbout || part.IsAbout, sum.IsPart || part.IsPart));

    /// <summary>For example 25 M, ~25 M, &gt; 25 M, or a question mark.</summary>
    /// <param name="words">Writes a number.</param>
    public string In(Func<double, string> words) => (IsPart, IsAbout) switch
    {
        (true, _) => Known > 0 ? $"> {words(Known)}" : "?",
        (_, true) => $"~{words(Known)}",
        _ => words(Known),
    };
}
