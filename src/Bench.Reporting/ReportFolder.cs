using System.Collections.Immutable;
using Bench.Reporting.Figures;
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

    /// <summary>Figures in every format, with the data they were drawn from.</summary>
    public ImmutableArray<Plot> Draw(string templates, IEnumerable<Figure> figures)
    {
        Directory.CreateDirectory(Path.Combine(root, "figures"));
        var gnuplot = new Gnuplot(templates, root);
        var plots = ImmutableArray.CreateBuilder<Plot>();
        foreach (var figure in figures)
        {
            foreach (var (file, content) in figure.Data)
                Write($"data/{file}", content);
            Write($"data/{figure.FileName}.gp", figure.Settings());
            foreach (string format in Gnuplot.Formats)
                files.Add(gnuplot.Draw(figure, format));
            plots.Add(new Plot(figure.FileName, figure.Caption, File.ReadAllText(Path.Combine(root, "figures", figure.FileName + ".svg")), [.. figure.Data.Keys]));
        }

        return plots.ToImmutable();
    }

    /// <summary>Deletes what an earlier report made and this one did not; returns what this one made, the page first.</summary>
    public ImmutableArray<string> Finish()
    {
        ImmutableArray<string> made = [.. files.OrderBy(file => file.Contains('/', StringComparison.Ordinal)).ThenBy(file => file, StringComparer.Ordinal)];
        Manifest.Replace(root, made);
        return made;
    }
}
