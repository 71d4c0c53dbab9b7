using System.Text;

namespace Bench.Reporting.Tables;

/// <summary>A table in GitHub's Markdown.</summary>
public static class MarkdownTable
{
    public static string Write(Table table)
    {
        table = table.ForPeople;
        var footnotes = new Footnotes();
        var text = new StringBuilder();
        text.Append(Escape(table.Caption)).Append("\n\n");
        Line(text, table.Columns.Select(column => Escape(column.Unit.Length == 0 ? column.Title : $"{column.Title} ({column.Unit})")));
        Line(text, table.Columns.Select(column => column.Alignment == Alignment.Right ? "---:" : ":---"));
        foreach (var row in table.Rows)
            Line(text, table.Columns.Zip(row.Cells, (column, cell) => Word(column, row, cell, footnotes)).Select((word, i) => i == 0 ? word + Raised(footnotes.Mark(row)) : word));

        foreach (var (mark, reason) in footnotes.All)
            text.Append($"\n<sup>{mark}</sup> {Escape(reason)}\n");
        foreach (string note in table.Notes)
            text.Append('\n').Append(Escape(note)).Append('\n');
        if (!table.Protocols.IsEmpty)
            text.Append("\n<details><summary>Protocols</summary>\n\n").AppendJoin("", table.Protocols.Select(line => $"- {Escape(line)}\n")).Append("\n</details>\n");
        return text.ToString();
    }

    /// <summary>Text as it is: nothing in it is taken for markup, a cell's border or a line's end.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text.ReplaceLineEndings(" "))
        {
            if (letter is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' or '$')
                escaped.Append('\\').Append(letter);
            else
                escaped.Append(letter switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", _ => letter.ToString() });
        }

        return escaped.ToString();
    }

    private static string Word(Column column, Row row, Cell cell, Footnotes footnotes) => cell switch
    {
        Cell.Words words => Escape(words.Text),
        Cell.Number number => Escape(number.Text(column)),
        Cell.Absent absent => Table.Dash + Raised(footnotes.Mark(row, absent)),
        _ => "",
    };

    private static string Raised(string mark) => mark.Length == 0 ? "" : $"<sup>{mark}</sup>";

    private static void Line(StringBuilder text, IEnumerable<string> words) => text.Append("| ").AppendJoin(" | ", words).Append(" |\n");
}
