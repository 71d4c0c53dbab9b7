using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using System.Text;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Html;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Reporting;

/// <summary>The folder of a report while it is being made; it remembers what it wrote.</summary>
internal sealed class ReportFolder(string root)
{
    private readonly List<string> files = [];

    public void Write(string file, string text)
    {
        AtomicFile.Write(Path.Combine(root, file), text);
        files.Add(file);
    }

    /// <summary>A table in every format.</summary>
    public void Write(Table table)
    {
        Write($"tables/{table.Name}.csv", CsvTable.Write(table));
        Write($"tables/{table.Name}.md", MarkdownTable.Write(table));
        Write($"tables/{table.Name}.tex", LatexTable.Write(table));
    }

    /// <summary>The same of groups of figures, all drawn side by side.</summary>
    public ImmutableArray<ImmutableArray<Plot>> Draw(FigureStyle style, ImmutableArray<ImmutableArray<Figure>> groups)
    {
        var plots = Draw(style, groups.SelectMany(group => group));
        int[] starts = [.. groups.Select((_, i) => groups.Take(i).Sum(group => group.Length))];
        return [.. groups.Select((group, i) => plots.Slice(starts[i], group.Length))];
    }

    /// <summary>Figures in every format, with the data they were drawn from; as many side by side as there are cores.</summary>
    public ImmutableArray<Plot> Draw(FigureStyle style, IEnumerable<Figure> figures)
    {
        Figure[] all = [.. figures];
        byte[][][] drawn = Print(style, all);
        foreach (var (figure, formats) in all.Zip(drawn))
        {
            foreach (var (file, content) in figure.Data)
                Write($"data/{file}", content);
            foreach (var (format, content) in Figure.Formats.Zip(formats))
            {
                string file = $"figures/{figure.Name}.{format}";
                AtomicFile.Write(Path.Combine(root, file), content);
                files.Add(file);
            }
        }

        return [.. all.Zip(drawn,
            (figure, formats) => new Plot(figure.Name, figure.Caption, Encoding.UTF8.GetString(formats[0]), [.. figure.Data.Keys]))];
    }

    private static byte[][][] Print(FigureStyle style, Figure[] figures)
    {
        byte[][][] drawn = new byte[figures.Length][][];
        try
        {
            Parallel.For(0, figures.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            {
                var sheet = figures[i].Drawing.Draw(style);
                drawn[i] = [.. Figure.Formats.Select(format => Printer.Print(figures[i], sheet, style, format))];
            });
        }
        catch (AggregateException failed)
        {
            ExceptionDispatchInfo.Throw(failed.InnerExceptions[0]);
        }

        return drawn;
    }

    /// <summary>Leaves the rest of an earlier report as it is; returns what this one made.</summary>
    public ImmutableArray<string> Keep()
    {
        Manifest.Update(root, [.. files]);
        return [.. files];
    }

    /// <summary>Deletes what an earlier report made and this one did not; returns what this one made, the page first.</summary>
    public ImmutableArray<string> Finish()
    {
        ImmutableArray<string> made =
            [
                .. files.OrderBy(file => file != Page.Name).ThenBy(file => file.Contains('/', StringComparison.Ordinal))
                    .ThenBy(file => file, StringComparer.Ordinal),
            ];
        Manifest.Replace(root, made);
        return made;
    }
}
