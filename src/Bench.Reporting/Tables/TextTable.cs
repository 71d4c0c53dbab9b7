using System.Collections.Immutable;
using System.Text;

namespace Bench.Reporting.Tables;

/// <summary>A table as plain text: what a terminal prints, with or without colour.</summary>
/// <param name="Caption">What is shown.</param>
/// <param name="Headings">Title and unit of each column.</param>
/// <param name="Alignments">Of each column.</param>
/// <param name="Rows">Texts, with marks where a note explains a dash.</param>
/// <param name="BaselineRows">How many rows at the top are baselines.</param>
/// <param name="Notes">Marked notes first, then the general ones.</param>
public sealed record TextTable(
    string Caption,
    ImmutableArray<(string Title, string Unit)> Headings,
    ImmutableArray<Alignment> Alignments,
    ImmutableArray<ImmutableArray<string>> Rows,
    int BaselineRows,
    ImmutableArray<string> Notes)
{
    private const string Gap = "  ";

    public static TextTable Of(Table table)
    {
        table = table.ForPeople;
        var footnotes = new Footnotes();
        ImmutableArray<ImmutableArray<string>> rows = [.. table.Rows.Select(row => Words(table, row, footnotes))];
        return new TextTable(
            table.Caption,
            [.. table.Columns.Select(column => (column.Title, column.Unit))],
            [.. table.Columns.Select(column => column.Alignment)],
            rows,
            table.LastBaseline + 1,
            [.. footnotes.All.Select(note => $"{Raised(note.Mark)} {note.Reason}"), .. table.Notes, .. table.Protocols]);
    }

    /// <summary>Columns aligned by spaces.</summary>
    public override string ToString()
    {
        int[] widths = [.. Headings.Select((heading, i) => Rows.Select(row => row[i].Length).Append(heading.Title.Length).Append(heading.Unit.Length).Max())];
        var text = new StringBuilder();
        Line(text, widths, [.. Headings.Select(heading => heading.Title)]);
        if (Headings.Any(heading => heading.Unit.Length > 0))
            Line(text, widths, [.. Headings.Select(heading => heading.Unit)]);
        string rule = new('─', widths.Sum() + (Gap.Length * (widths.Length - 1)));
        text.Append(rule).Append('\n');
        for (int i = 0; i < Rows.Length; i++)
        {
            if (i == BaselineRows && i > 0)
                text.Append(rule).Append('\n');
            Line(text, widths, Rows[i]);
        }

        text.Append(rule).Append('\n');
        foreach (string note in Notes)
            text.Append(note).Append('\n');
        return text.ToString();
    }

    private static ImmutableArray<string> Words(Table table, Row row, Footnotes footnotes) =>
    [
        .. table.Columns.Zip(row.Cells, (column, cell) => cell switch
        {
            Cell.Words words => words.Text,
            Cell.Number number => number.Text(column),
            Cell.Absent absent => Table.Dash + Raised(footnotes.Mark(row, absent)),
            _ => "",
        }).Select((word, i) => i == 0 ? word + Raised(footnotes.Mark(row)) : word),
    ];

    // Superscript letters exist in Unicode for a to z but q.
    private static string Raised(string mark) =>
        string.Concat(mark.Select(letter => "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ"[letter - 'a']));

    private void Line(StringBuilder text, int[] widths, ImmutableArray<string> words)
    {
        string line = string.Join(Gap, words.Select((word, i) => Alignments[i] == Alignment.Right ? word.PadLeft(widths[i]) : word.PadRight(widths[i])));
        text.Append(line.TrimEnd()).Append('\n');
    }
}
