namespace Bench.Reporting.Tables;

/// <summary>Gives each reason a letter, in order of first use, so that a dash is never without its why.</summary>
internal sealed class Footnotes
{
    private readonly List<string> reasons = [];

    public string Mark(string reason)
    {
        int index = reasons.IndexOf(reason);
        if (index < 0)
        {
            index = reasons.Count;
            reasons.Add(reason);
        }

        return index < 26 ? ((char)('a' + index)).ToString() : $"{(char)('a' + (index / 26) - 1)}{(char)('a' + (index % 26))}";
    }

    public IEnumerable<(string Mark, string Reason)> All => [.. reasons.Select(reason => (Mark(reason), reason))];
}
