using System.Text.Json.Nodes;
using Bench.Reporting;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Reporting.Figures.Frontiers;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Runs of one experiment that differ in swept keys: what they are called, and what is drawn.</summary>
public sealed class SweepTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Runs_are_called_by_what_was_varied_and_seeds_are_averaged_over()
    {
        foreach (int width in new[] { 16, 64 })
        {
            foreach (int seed in new[] { 1, 2 })
                Write("gamma", "γ-hybrid", seed, 3 - (0.01 * width) + (0.001 * seed), ("model.width", width), ("method.noise.gamma", 0.05),
                    ("seed", seed));
        }

        var comparison = Compared();
        Assert.Equal(["γ-hybrid (width 64)", "γ-hybrid (width 16)"], comparison.Methods.Select(method => method.Label));
        Assert.All(comparison.Methods, method => Assert.Equal(2, method.Runs.Length));

        var figure = Assert.Single(Sweep.Build(comparison, scorer: null));
        Assert.Equal("sweep-width", figure.Name);
        string[] rows = figure.Data["sweep-width.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, rows.Length);

        // Student's interval over two seeds, 0.0005 apart from their mean.
        string[] first = rows[1].Split(',');
        Assert.Equal("16", first[5]);
        Assert.Equal(2.8415 - (12.7062047 * 0.0005), double.Parse(first[7], System.Globalization.CultureInfo.InvariantCulture), 1e-6);
    }

    [Theory]
    [InlineData(true, new[] { 0.001, 0.01, 0.1, 1 })]
    [InlineData(false, new[] { 16.0, 32, 64 })]
    public void The_axis_is_logarithmic_where_values_span_decades(bool isLogarithmic, double[] values)
    {
        foreach (double value in values)
            Write("gamma", "γ-hybrid", 1, 3 - (0.01 * value), ("method.noise.gamma", value));
        Assert.Equal(isLogarithmic, DrawingOf(Assert.Single(Sweep.Build(Compared(), null))).Horizontal.IsLogarithmic);
    }

    [Fact]
    public void Texts_and_a_zero_among_decades_are_categories()
    {
        foreach (double gamma in new[] { 0, 0.001, 0.1 })
            Write("gamma", "γ-hybrid", 1, 3 - gamma, ("method.noise.gamma", gamma), ("objective", gamma > 0.01 ? "fast" : "slow"));
        var figures = Sweep.Build(Compared(), null).ToDictionary(figure => figure.Name, DrawingOf);
        Assert.Equal([(1, "0"), (2, "0.001"), (3, "0.1")], figures["sweep-gamma"].Ticks.AsEnumerable());
        Assert.Equal("γ", figures["sweep-gamma"].Horizontal.Title);
        Assert.Equal([(1, "fast"), (2, "slow")], figures["sweep-objective"].Ticks.AsEnumerable());
    }

    [Fact]
    public void Other_varied_keys_make_separate_lines_and_the_figure_is_drawn_in_every_format()
    {
        foreach (int width in new[] { 16, 64, 256 })
        {
            foreach (string method in new[] { "mdlm", "gidd" })
            {
                foreach (int depth in new[] { 2, 4 })
                    Write(method, method.ToUpperInvariant(), 1, 3 - (0.001 * width) - (0.1 * depth) + (method == "gidd" ? 0.3 : 0),
                        ("model.width", width), ("model.blocks", depth));
            }
        }

        var report = BuiltReport.Build(folder["results"], folder["reports"]);
        foreach (string key in new[] { "width", "blocks" })
            Assert.All(["svg", "pdf", "png"],
                format => Assert.True(new FileInfo(folder["reports", "figures", $"sweep-{key}.{format}"]).Length > 3000));
        string labels = File.ReadAllText(folder["reports", "figures", "sweep-width.svg"]);
        Assert.All(["MDLM, blocks 2", "MDLM, blocks 4", "GIDD, blocks 2", "GIDD, blocks 4"],
            name => Assert.Contains(name, labels, StringComparison.Ordinal));
        Assert.Contains("<h2 id=\"sweeps\">", File.ReadAllText(folder["reports", "index.html"]), StringComparison.Ordinal);
        Assert.Contains(report.Main.Rows, row => row.Cells[0] is Bench.Reporting.Tables.Cell.Words { Text: "MDLM (blocks 4, width 256)" });
    }

    [Fact]
    public void A_section_within_a_section_is_called_so_too()
    {
        string[] sections = ["""{ "optimizer": "adamw", "steps": 3 }""", """{ "optimizer": { "rate": 1, "kind": "sgd" } }"""];
        foreach (string written in sections)
            Write("mdlm", "MDLM", 1, written.Length, ("training", JsonNode.Parse(written)!));
        Assert.Equal(["MDLM (training optimizer adamw, steps 3)", "MDLM (training optimizer sgd, rate 1)"],
            Compared().Methods.Select(method => method.Label).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_section_is_called_by_its_kind_and_its_keys()
    {
        foreach (string written in new[] { "\"adamw\"", """{ "learning-rate": 0.02, "kind": "muon" }""" })
            Write("mdlm", "MDLM", 1, written.Length, ("training.optimizer", JsonNode.Parse(written)!));
        Assert.Equal(["MDLM (optimizer adamw)", "MDLM (optimizer muon, learning rate 0.02)"],
            Compared().Methods.Select(method => method.Label));
    }

    [Fact]
    public void Names_of_keys_are_as_short_as_they_may_be()
    {
        string[] keys = ["model.width", "method.hyperschedule.width", "method.noise.gamma"];
        Assert.Equal(["model width", "hyperschedule width", "γ"], keys.Select(key => Swept.Name(key, keys)));
    }

    [Fact]
    public void A_run_is_the_same_run_whatever_else_was_swept_beside_it()
    {
        var plain = SyntheticResults.Definition("x", "text8", "ar", "AR", "", 1);
        var swept = JsonNode.Parse(plain.Canonical)!.AsObject();
        swept["varied"] = new JsonObject { ["model.width"] = 64 };
        Assert.Equal(RunId.Of(plain, "h"), RunId.Of(RunDefinition.From(swept), "h"));
    }

    private void Write(string method, string title, int seed, double bits, params (string Key, JsonNode Value)[] varied) =>
        SyntheticResults.Network(
        new RunStore(folder["results"]), "text8", method, title, "", seed, bits, 0.01, isBound: true,
        model: varied.Where(pair => pair.Key != "seed").Select(pair => (pair.Key.Split('.')[^1], pair.Value.DeepClone())), varied: varied);

    private static LineDrawing DrawingOf(Figure figure) => Assert.IsType<LineDrawing>(figure.Drawing);

    private Comparison Compared() => Comparison.All(new RunStore(folder["results"]).ReadAll())[0];
}
