using System.Globalization;
using System.Text;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;
using Bench.Reporting.Figures.Styles;
using Bench.Reporting.Statistics;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>
/// <c>docs/memory.svg</c> is drawn from <c>docs/memory.csv</c>, what <c>bench speed --memory train-mdlm-quick --csv docs/memory.csv</c>
/// measured. BENCH_ACCEPT=1 draws it.
/// </summary>
public sealed class MemoryFigureTests
{
    // Of the points, so that marks stand apart.
    private const int Every = 10;

    private static readonly (string Name, int Column)[] Lines = [("resident", 3), ("native heap in use", 4), ("managed heap", 5)];

    [Fact]
    public void The_figure_shows_what_was_measured()
    {
        string[][] rows =
            [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "memory.csv")).Skip(1).Select(line => line.Split(','))];
        var lines = Lines.Select(
            line => new Line(line.Name, "", "",
                [.. rows.Where((_, i) => i % Every == 0)
                    .Select(row => new Point("", Number(row[2]), new Measurement(Number(row[line.Column])), IsMain: false))]));
        var figure = new Figure("memory", "Memory over 10,000 steps of training.",
            Frontier.Draw(new Axis("Step") { HasZero = true }, [new("", new Axis("MiB") { HasZero = true }, [.. lines])]));
        var style = StyleFile.Load(Path.Combine(Repository.Root, "reports", "figures"));
        string drawn = Encoding.UTF8.GetString(Printer.Print(figure, figure.Drawing.Draw(style), style, "svg")),
            path = Path.Combine(Repository.Root, "docs", "memory.svg");
        if (Environment.GetEnvironmentVariable("BENCH_ACCEPT") == "1")
            File.WriteAllText(path, drawn);
        Assert.Equal(File.ReadAllText(path), drawn);
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
