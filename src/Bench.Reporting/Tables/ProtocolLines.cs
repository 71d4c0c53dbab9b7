namespace Bench.Reporting.Tables;

/// <summary>Protocols, each printed once with the methods that have it; what all share is a line of its own.</summary>
internal static class ProtocolLines
{
    private const string Separator = "; ";

    /// <summary>Lines such as <c>AR: exact.</c></summary>
    /// <param name="pairs">Method and protocol; clauses of it are separated by semicolons.</param>
    public static IEnumerable<string> Of(IEnumerable<(string Subject, string Protocol)> pairs)
    {
        List<(string Subject, string Protocol)> said = [.. pairs.Where(pair => pair.Protocol.Length > 0).Distinct()];
        string[] protocols = [.. said.Select(pair => pair.Protocol).Distinct(StringComparer.Ordinal)];
        if (protocols.Length == 0)
            return [];
        if (protocols.Length == 1)
            return [Sentence(protocols[0])];

        string[] ends = [.. protocols.Select(Last).Distinct(StringComparer.Ordinal)];
        string shared = ends is [var only] && protocols.All(protocol => protocol.Length > only.Length) ? only : "";
        var lines = said
            .GroupBy(pair => shared.Length == 0 ? pair.Protocol : pair.Protocol[..^(Separator.Length + shared.Length)],
                pair => pair.Subject, StringComparer.Ordinal)
            .Select(group => $"{string.Join(Separator, group.Distinct(StringComparer.Ordinal))}: {Sentence(group.Key)}");
        return shared.Length == 0 ? lines : lines.Prepend($"All: {Sentence(shared)}");
    }

    /// <summary>The last clause: what was measured; the ones before say how.</summary>
    public static string Last(string protocol) => protocol[(Split(protocol) is var at and > 0 ? at + Separator.Length : 0)..];

    /// <summary>All clauses but the last; empty where there is one.</summary>
    public static string First(string protocol) => Split(protocol) is var at and > 0 ? protocol[..at] : "";

    private static int Split(string protocol) => protocol.LastIndexOf(Separator, StringComparison.Ordinal);

    private static string Sentence(string text) => text + ".";
}
