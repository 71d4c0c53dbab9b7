using System.Globalization;
using System.Text;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;

namespace Bench.Reporting.Html;

/// <summary>A table in the page: sortable by its headings, every number a link to its run.</summary>
internal static class HtmlTable
{
    public static string Write(Table table)
    {
        table = table.ForPeople;
        var footnotes = new Footnotes();
        var text = new StringBuilder();
        text.Append("<figure class=\"table\">\n<div class=\"scroll\"><table class=\"sortable\">\n");
        text.Append($"<caption>{Markup.Escape(table.Caption)}</caption>\n<thead><tr>");
        foreach (var column in table.Columns)
            text.Append(Heading(column));
        text.Append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < table.Rows.Length; i++)
            text.Append(Row(table, i, footnotes));
        text.Append("</tbody>\n</table></div>\n");

        string[] notes =
        [
            .. footnotes.All.Select(note => $"<sup>{note.Mark}</sup> {Markup.Escape(note.Reason)}"),
            .. table.Notes.Select(Markup.Escape),
        ];
        if (notes.Length > 0)
            text.Append("<ul class=\"notes\">").AppendJoin("", notes.Select(note => $"<li>{note}</li>")).Append("</ul>\n");
        if (!table.Protocols.IsEmpty)
            text.Append("<details class=\"protocols\"><summary>Protocols</summary><ul class=\"notes\">")
                .AppendJoin("", table.Protocols.Select(line => $"<li>{Markup.Escape(line)}</li>")).Append("</ul></details>\n");
        return text.Append("</figure>\n").ToString();
    }

    private static string Heading(Column column)
    {
        string unit = column.Unit.Length == 0 ? "" : $"<span class=\"unit\">{Markup.Escape(column.Unit)}</span>";
        return $"<th scope=\"col\"{Side(column)}><button type=\"button\">{Markup.Escape(column.Title)}{unit}</button></th>";
    }

    private static string Row(Table table, int index, Footnotes footnotes)
    {
        var row = table.Rows[index];
        string kind = (row.IsBaseline ? "baseline" : "") + (index == table.LastBaseline ? " last" : "");
        var text = new StringBuilder(kind.Length == 0 ? "<tr>" : $"<tr class=\"{kind}\">");
        for (int i = 0; i < row.Cells.Length; i++)
        {
            // A remark takes the place of the numbers that it explains.
            int dashes = !row.IsBare ? 0 : row.Cells.Skip(i).TakeWhile(cell => cell is Cell.Absent).Count();
            if (dashes > 1)
            {
                text.Append($"<td class=\"remark\" colspan=\"{dashes}\">{Markup.Escape(row.Remark!)}</td>");
                i += dashes - 1;
                continue;
            }

            text.Append(Place(table.Columns[i], row, row.Cells[i], isFirst: i == 0, footnotes));
        }

        return text.Append("</tr>\n").ToString();
    }

    private static string Place(Column column, Row row, Cell cell, bool isFirst, Footnotes footnotes)
    {
        string tag = isFirst ? "th scope=\"row\"" : "td";
        string content = cell switch
        {
            Cell.Words words => Markup.Link(words.Text, words.Link, isFirst ? "definition" : ""),
            Cell.Number number => Number(number, column),
            Cell.Absent absent => $"<span class=\"absent\">{Table.Dash}{Raised(footnotes.Mark(row, absent))}</span>",
            _ => "",
        };
        content += isFirst ? Raised(footnotes.Mark(row)) : "";
        string sort = cell is Cell.Number value ? $" data-value=\"{value.Value.Value.ToString("R", CultureInfo.InvariantCulture)}\"" : "";
        return $"<{tag}{Side(column)}{sort}>{content}</{tag[..2]}>";
    }

    private static string Number(Cell.Number number, Column column)
    {
        var (value, uncertainty) = number.Round(column);
        string words = (number.Value.IsUpperBound ? $"<span class=\"bound\">{Measurement.AtMost}</span>" : "")
            + Markup.Escape(value)
            + (uncertainty is null ? "" : $"<span class=\"error\"> {Markup.Escape(uncertainty)}</span>");
        return number.Link is null ? words : $"<a href=\"{Markup.Escape(number.Link)}\">{words}</a>";
    }

    private static string Raised(string mark) => mark.Length == 0 ? "" : $"<sup>{mark}</sup>";

    private static string Side(Column column) =>
        column.Alignment == Alignment.Right ? " class=\"number\"" : column.IsProse ? " class=\"prose\"" : "";
}

/// <summary>Text escaped for HTML and XML.</summary>
internal static class Markup
{
    /// <summary>Text for an element or a quoted attribute. What XML cannot hold becomes U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            bool isPair = char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            escaped.Append(letter switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' => letter.ToString(),
                '\r' => "",
                < ' ' or '\uFFFE' or '\uFFFF' => "\uFFFD",
                _ when isPair => text.Substring(i++, 2),
                _ when char.IsSurrogate(letter) => "\uFFFD",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }

    /// <summary>A link, or the text alone when there is no address.</summary>
    public static string Link(string words, string? address, string title = "") => address is null
        ? Escape(words)
        : $"<a href=\"{Escape(address)}\"{(title.Length == 0 ? "" : $" title=\"{Escape(title)}\"")}>{Escape(words)}</a>";
}
