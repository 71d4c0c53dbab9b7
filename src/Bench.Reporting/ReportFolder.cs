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

    /// <summary>The same of groups of figures, all drawn side by side.</summary>
    public ImmutableArray<ImmutableArray<Plot>> Draw(string templates, ImmutableArray<ImmutableArray<Figure>> groups)
    {
        var plots = Draw(templates, groups.SelectMany(group => group));
        int[] starts = [.. groups.Select((_, i) => groups.Take(i).Sum(group => group.Length))];
        return [.. groups.Select((group, i) => plots.Slice(starts[i], group.Length))];
    }

    /// <summary>Figures in every format, with the data they were drawn from.</summary>
    public ImmutableArray<Plot> Draw(string templates, IEnumerable<Figure> figures)
    {
        Directory.CreateDirectory(Path.Combine(root, "figures"));
        List<Figure> all = [.. figures];
        foreach (var figure in all)
        {
            foreach (var (file, content) in figure.Data)
                Write($"data/{file}", content);
            Write($"data/{figure.FileName}.gp", figure.Settings());
        }

        files.AddRange(new Gnuplot(templates, root).Draw(all));
        return [.. all.Select(figure => new Plot(figure.FileName, figure.Caption, File.ReadAllText(Path.Combine(root, "figures", figure.FileName + ".svg")), [.. figure.Data.Keys]))];
    }

    /// <summary>Deletes what an earlier report made and this one did not; returns what this one made, the page first.</summary>
    public ImmutableArray<string> Finish()
    {
        ImmutableArray<string> made = [.. files.OrderBy(file => file.Contains('/', StringComparison.Ordinal)).ThenBy(file => file, StringComparer.Ordinal)];
        Manifest.Replace(root, made);
        return made;
    }
}
