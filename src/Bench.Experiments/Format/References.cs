using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Bench.Experiments.Format;

/// <summary>
/// The keys of <c>baselines/published/references.bib</c>, which comes with the program: definitions cite its papers wherever
/// they lie.
/// </summary>
internal static partial class References
{
    /// <summary>In the order of the file.</summary>
    public static ImmutableArray<string> Keys { get; } = [.. Entry().Matches(Text()).Select(match => match.Groups["key"].Value)];

    private static string Text()
    {
        using var file = typeof(References).Assembly.GetManifestResourceStream("references.bib")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^@\w+\{(?<key>[^,\s]+),", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();
}
