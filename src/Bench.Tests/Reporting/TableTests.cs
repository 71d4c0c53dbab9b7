using Bench.Reporting.Html;
using Bench.Reporting.Statistics;
using Bench.Reporting.Tables;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class TableTests
{
    private static readonly Table Every = new(
        "every",
        "Every kind of cell & row.",
        [
            new("name", "Name") { Alignment = Alignment.Left },
            new("bits", "Bits", "bits/char") { IsUncertain = true },
            new("speed", "Speed", "tokens/s") { Format = NumberFormat.Compact },
            new("said", "Said") { Alignment = Alignment.Left, IsProse = true },
            new("hash", "Hash") { Alignment = Alignment.Left, IsInNotes = true },
        ],
        [
            new([new Cell.Words("3-gram"), new Cell.Number(new(2.6, 0.006)), new Cell.Absent("not measured"), new Cell.Words("a | b"),
                new Cell.Words("abc")]) { IsBaseline = true },
            new([new Cell.Words("MDLM", "run/definition.json"), new Cell.Number(new(2.9, 0.0149, true), "run/metrics.csv"),
                new Cell.Number(new(88654)), new Cell.Words("50 % <done>"), new Cell.Words("abc")])
            {
                Remark = "failed (seed 2): out of memory",
            },
            new([new Cell.Words("SEDD"), new Cell.Absent("x"), new Cell.Absent("x"), new Cell.Absent("x"),
                new Cell.Words("abc")]) { Remark = "failed: loss is NaN" },
            new([new Cell.Words("AR"), new Cell.Number(new(2.3456)), new Cell.Absent("not measured"), new Cell.Words(""),
                new Cell.Words("abc")]),
            new([new Cell.Words("paper"), new Cell.Number(new(1.4)) { Format = NumberFormat.Fixed(1) }, new Cell.Absent("not given"),
                new Cell.Words(""), new Cell.Words("abc")]),
        ],
        ["The hash is abc."]);

    [Fact]
    public void Every_kind_of_cell_has_its_place_in_every_format()
    {
        GoldenFile.Matches("every.csv", CsvTable.Write(Every));
        GoldenFile.Matches("every.md", MarkdownTable.Write(Every));
        GoldenFile.Matches("every.tex", LatexTable.Write(Every));
        GoldenFile.Matches("every.txt", TextTable.Of(Every).ToString());
        GoldenFile.Matches("every.html", HtmlTable.Write(Every));
    }

    [Fact]
    public void A_row_with_too_few_cells_is_no_row() =>
        Assert.Throws<ArgumentException>(() => new Table("t", "", [new("a", "A")], [new([])], []));

    [Fact]
    public void Without_networks_no_rule_separates_the_baselines() =>
        Assert.Equal(2, TextTable.Of(Every with { Rows = [Every.Rows[0]] }).ToString().Split('\n').Count(line => line.StartsWith('─')));
}
