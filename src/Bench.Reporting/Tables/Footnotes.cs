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

    /// <summary>The mark of a dash.</summary>
    public string Mark(Row row, Cell.Absent absent) => Mark(row.IsBare ? row.Remark! : absent.Why);

    /// <summary>The mark beside a row's name: of a remark that has no dash to stand at. Empty for none.</summary>
    public string Mark(Row row) => row.Remark is { } remark && !row.IsBare ? Mark(remark) : "";

    public IEnumerable<(string Mark, string Reason)> All => [.. reasons.Select(reason => (Mark(reason), reason))];
}
