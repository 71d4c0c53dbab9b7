using System.Collections.Immutable;
using Bench.Reporting.Tables;
using Spectre.Console;

namespace Bench.Cli.Display;

/// <summary>Prints tables: drawn in a terminal, as aligned text elsewhere.</summary>
internal static class TableDisplay
{
    public static void Write(CliEnvironment environment, TextTable table)
    {
        if (!environment.IsTerminal)
        {
            environment.Output.Write(table.ToString());
            return;
        }

        var drawn = new Spectre.Console.Table { Border = TableBorder.Horizontal, BorderStyle = new Style(Color.Grey) };
        foreach (var (heading, alignment) in table.Headings.Zip(table.Alignments))
        {
            string unit = heading.Unit.Length > 0 ? $"\n[grey]{Markup.Escape(VisibleText.Of(heading.Unit))}[/]" : "";
            drawn.AddColumn(new TableColumn(new Markup($"[bold]{Markup.Escape(VisibleText.Of(heading.Title))}[/]{unit}"))
            {
                Alignment = alignment == Alignment.Right ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 1, 0), // Tables of results are wide.
            });
        }

        foreach (var (i, row) in table.Rows.Index())
        {
            var style = i < table.BaselineRows ? new Style(Color.Grey) : Style.Plain;
            drawn.AddRow([.. row.Select(cell => new Text(VisibleText.Of(cell), style))]);
        }

        var console = environment.Draw();
        console.Write(drawn);
        foreach (string note in table.Notes)
            console.Write(new Text($"{VisibleText.Of(note)}\n", new Style(Color.Grey)));
    }

    /// <summary>A line of prose; a terminal breaks it between words.</summary>
    public static void Line(CliEnvironment environment, string text)
    {
        if (environment.IsTerminal)
            environment.Draw().Write(new Text(VisibleText.Of(text) + "\n"));
        else
            environment.Output.WriteLine(text);
    }

    /// <summary>A table of text.</summary>
    public static TextTable Words(string caption, ImmutableArray<string> headings, IEnumerable<ImmutableArray<string>> rows, params ImmutableArray<string> notes) => new(
        caption,
        [.. headings.Select(heading => (heading, ""))],
        [.. headings.Select(_ => Alignment.Left)],
        [.. rows],
        BaselineRows: 0,
        notes);
}
