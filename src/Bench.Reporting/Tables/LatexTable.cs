using System.Collections.Immutable;
using System.Text;

namespace Bench.Reporting.Tables;

/// <summary>A table for a paper: LaTeX with the booktabs package and nothing else.</summary>
public static class LatexTable
{
    public static string Write(Table table)
    {
        var footnotes = new Footnotes();
        var rows = table.Rows.Select(row => Cells(table, row, footnotes)).ToList();
        var text = new StringBuilder();
        string alignment = string.Concat(table.Columns.Select(column => column.Alignment == Alignment.Right ? 'r' : 'l'));
        text.Append("% Made by `bench report`; needs \\usepackage{booktabs}.\n")
            .Append("\\begin{table}[t]\n  \\centering\n")
            .Append($"  \\caption{{{LatexText.Escape(table.Caption)}}}\n  \\label{{tab:{table.Name}}}\n")
            .Append("  \\footnotesize\n  \\setlength{\\tabcolsep}{4pt}\n")
            .Append($"  \\begin{{tabular}}{{@{{}}{alignment}@{{}}}}\n    \\toprule\n");
        Line(text, table.Columns.Select(column => LatexText.Escape(column.Title)));
        if (table.HasUnits)
            Line(text, table.Columns.Select(column => LatexText.Escape(column.Unit)));
        text.Append("    \\midrule\n");
        for (int i = 0; i < rows.Count; i++)
        {
            Line(text, rows[i]);
            if (i == table.LastBaseline)
                text.Append("    \\midrule\n");
        }

        text.Append("    \\bottomrule\n  \\end{tabular}\n");
        ImmutableArray<string> notes =
        [
            .. footnotes.All.Select(note => $"\\textsuperscript{{{note.Mark}}}\\,{LatexText.Escape(note.Reason)}"),
            .. table.Notes.Select(LatexText.Escape),
        ];
        if (notes.Length > 0)
            text.Append("  \\par\\smallskip\n  \\parbox{\\linewidth}{\\raggedright\\scriptsize\n    ").AppendJoin("\\\\\n    ", notes).Append("}\n");
        return text.Append("\\end{table}\n").ToString();
    }

    private static List<string> Cells(Table table, Row row, Footnotes footnotes)
    {
        var cells = new List<string>();
        for (int i = 0; i < row.Cells.Length; i++)
        {
            // A remark takes the place of all dashes from the first one on.
            if (row.Remark is { } remark && row.Cells.Skip(i).All(cell => cell is Cell.Absent))
            {
                cells.Add($"\\multicolumn{{{row.Cells.Length - i}}}{{l}}{{{LatexText.Escape(remark)}}}");
                break;
            }

            cells.Add(row.Cells[i] switch
            {
                Cell.Words words => LatexText.Escape(words.Text),
                Cell.Number number => LatexText.Number(number.Value, table.Columns[i].Format),
                Cell.Absent absent => $"--\\textsuperscript{{{footnotes.Mark(row.Remark ?? absent.Why)}}}",
                _ => "",
            });
        }

        return cells;
    }

    private static void Line(StringBuilder text, IEnumerable<string> words) => text.Append("    ").AppendJoin(" & ", words).Append(" \\\\\n");
}
