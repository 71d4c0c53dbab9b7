using System.Collections.Immutable;
using System.Text;

namespace Bench.Reporting.Tables;

/// <summary>A table for a paper: LaTeX with the booktabs package and nothing else. Columns that a note repeats are left out.</summary>
public static class LatexTable
{
    public static string Write(Table table)
    {
        table = table.ForPeople.Without(column => column.IsInNotes);
        var footnotes = new Footnotes();
        var rows = table.Rows.Select(row => Cells(table, row, footnotes)).ToList();
        var text = new StringBuilder();
        string alignment = string.Concat(table.Columns.Select(column => column.IsProse ? @"p{0.27\linewidth}" : column.Alignment == Alignment.Right ? "r" : "l"));
        bool isWide = table.Columns.Length > 8;

        // About so many letters of a size fit beside each other on a page.
        int letters = table.Columns.Any(column => column.IsProse) ? 0 : rows.Select(row => row.Sum(cell => cell.Length)).DefaultIfEmpty().Max();
        string size = letters > 190 ? "tiny" : isWide || table.Rows.Length > 24 ? "scriptsize" : "footnotesize";
        text.Append("% Made by `bench report`; needs \\usepackage{booktabs}.\n")
            .Append("\\begin{table}[t]\n  \\centering\n")
            .Append($"  \\caption{{{LatexText.Escape(table.Caption)}}}\n  \\label{{tab:{table.Name}}}\n")
            .Append($"  \\{size}\n  \\setlength{{\\tabcolsep}}{{{(isWide ? 2 : 4)}pt}}\n  \\smallskip\n")
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
            .. table.Protocols.IsEmpty ? ImmutableArray<string>.Empty : [$"{{\\tiny\\emph{{Protocols.}} {string.Join(" ", table.Protocols.Select(LatexText.Escape))}\\par}}"],
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
            if (row.IsBare && row.Cells.Skip(i).All(cell => cell is Cell.Absent))
            {
                cells.Add($"\\multicolumn{{{row.Cells.Length - i}}}{{l}}{{{LatexText.Escape(row.Remark!)}}}");
                break;
            }

            cells.Add(row.Cells[i] switch
            {
                Cell.Words words => LatexText.Escape(words.Text),
                Cell.Number number => LatexText.Number(number, table.Columns[i]),
                Cell.Absent absent => "--" + Raised(footnotes.Mark(row, absent)),
                _ => "",
            } + (i == 0 ? Raised(footnotes.Mark(row)) : ""));
        }

        return cells;
    }

    private static string Raised(string mark) => mark.Length == 0 ? "" : $"\\textsuperscript{{{mark}}}";

    private static void Line(StringBuilder text, IEnumerable<string> words) => text.Append("    ").AppendJoin(" & ", words).Append(" \\\\\n");
}

/// <summary>Text and numbers escaped for LaTeX.</summary>
public static class LatexText
{
    private static readonly Dictionary<char, string> Escapes = new()
    {
        ['\\'] = @"\textbackslash{}",
        ['~'] = @"\textasciitilde{}",
        ['^'] = @"\textasciicircum{}",
        ['<'] = @"\textless{}",
        ['>'] = @"\textgreater{}",
        ['|'] = @"\textbar{}",
        ['"'] = "''",
        ['&'] = @"\&",
        ['%'] = @"\%",
        ['$'] = @"\$",
        ['#'] = @"\#",
        ['_'] = @"\_",
        ['{'] = @"\{",
        ['}'] = @"\}",
        ['–'] = "--",
        ['±'] = @"$\pm$",
        ['×'] = @"$\times$",
        ['·'] = @"$\cdot$",
        ['≤'] = @"$\le$",
        ['≥'] = @"$\ge$",
        ['∞'] = @"$\infty$",
        ['−'] = "$-$",
        ['α'] = @"$\alpha$",
        ['β'] = @"$\beta$",
        ['γ'] = @"$\gamma$",
        ['ε'] = @"$\epsilon$",
        ['η'] = @"$\eta$",
        ['λ'] = @"$\lambda$",
        ['ρ'] = @"$\rho$",
        ['σ'] = @"$\sigma$",
        ['τ'] = @"$\tau$",
        ['ω'] = @"$\omega$",
    };

    /// <summary>Text as it is: nothing in it is a command.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char letter in text.ReplaceLineEndings(" "))
            escaped.Append(Escapes.TryGetValue(letter, out string? command) ? command : letter.ToString());
        return escaped.ToString();
    }

    /// <summary>Such as <c>$\le 2.413 \pm 0.009$</c>.</summary>
    internal static string Number(Cell.Number number, Column column)
    {
        var (value, uncertainty) = number.Round(column);
        if (uncertainty is null && !number.Value.IsUpperBound)
            return Escape(value);
        string spread = uncertainty is null ? "" : " " + uncertainty.Replace("±", @"\pm", StringComparison.Ordinal).Replace("[", @"\;[", StringComparison.Ordinal);
        return $"${(number.Value.IsUpperBound ? @"\le " : "")}{value}{spread}$".Replace("∞", @"\infty", StringComparison.Ordinal);
    }
}
