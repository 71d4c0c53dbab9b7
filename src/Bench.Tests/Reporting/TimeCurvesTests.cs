using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Figures;
using Bench.Reporting.Figures.Drawing;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>Likelihood over the time of training, of runs that are given minutes.</summary>
public sealed class TimeCurvesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Seeds_are_read_off_along_lines_at_times_at_which_all_were_evaluated()
    {
        // Two lines, 0.2 bits apart, that were evaluated at other seconds: their mean is the line between.
        Write("mdlm", "MDLM", seed: 1, [10, 20, 30], second => 3 - (second / 100));
        Write("mdlm", "MDLM", seed: 2, [12, 24, 36], second => 2.8 - (second / 100));
        string[][] rows = Rows(TimeCurves.Build(Compared())!);
        Assert.Equal(["method", "seconds", "validation_bits", "seeds"], rows[0]);
        Assert.Equal((12.0, 30.0), (Number(rows[1][1]), Number(rows[^1][1])));
        Assert.All(rows.Skip(1), row => Assert.Equal(2.9 - (Number(row[1]) / 100), Number(row[2]), 2e-6));
        Assert.All(rows.Skip(1), row => Assert.Equal("2", row[3]));
        Assert.Equal(rows.Skip(1).Select(row => Number(row[1])).Order(), rows.Skip(1).Select(row => Number(row[1])));
    }

    [Fact]
    public void Between_evaluations_that_are_no_line_the_nearest_two_count()
    {
        Write("mdlm", "MDLM", seed: 1, [0, 10, 23], second => second switch { 0 => 4, 10 => 3, _ => 2.5 });
        var rows = Rows(TimeCurves.Build(Compared())!).Skip(1).Select(row => (Second: Number(row[1]), Bits: Number(row[2]))).ToList();
        Assert.All(rows, row => Assert.Equal(
            row.Second <= 10 ? 4 - (row.Second / 10) : 3 - (0.5 * (row.Second - 10) / 13), row.Bits, 1e-6));
        Assert.Contains((10.0, 3.0), rows);
    }

    [Fact]
    public void Ways_to_train_a_method_share_a_panel_of_their_own_range_named_after_what_was_swept()
    {
        foreach (var (method, title, bits) in new[] { ("ar", "AR", 2.0), ("mdlm", "MDLM", 3.0) })
        {
            foreach (string rate in new[] { "cosine", "linear" })
                Write(method, title, seed: 1, [100, 200, 300], second => bits - (second / 1000), rate);
        }

        var figure = TimeCurves.Build(Compared())!;
        var drawing = Assert.IsType<LineDrawing>(figure.Drawing);
        Assert.Equal(["AR", "MDLM"], drawing.Panels.Select(panel => panel.Panel.Title).Order());
        Assert.All(drawing.Panels, panel => Assert.Equal(["rate schedule cosine", "rate schedule linear"],
            panel.Panel.Lines.Select(line => line.Label).Order()));
        Assert.All(drawing.Panels, panel => Assert.True(panel.High - panel.Low < 0.5, "each panel has a range of its own"));
        Assert.Equal("Time of training (minutes)", drawing.Horizontal.Title);
    }

    [Fact]
    public void Methods_that_are_trained_in_one_way_are_in_panels_of_families()
    {
        Write("ar", "AR", seed: 1, [10, 20], _ => 2);
        Write("mdlm", "MDLM", seed: 1, [10, 20], _ => 3);
        var panel = Assert.Single(Assert.IsType<LineDrawing>(TimeCurves.Build(Compared())!.Drawing).Panels);
        Assert.Equal(["AR", "MDLM"], panel.Panel.Lines.Select(line => line.Label).Order());
    }

    [Fact]
    public void Runs_of_steps_and_runs_without_two_evaluations_have_none()
    {
        Write("ar", "AR", seed: 1, [10], _ => 2);
        Assert.Null(TimeCurves.Build(Compared()));
        Write("mdlm", "MDLM", seed: 1, [10, 20], _ => 2, minutes: null);
        Assert.Null(TimeCurves.Build(Compared()));
    }

    [Fact]
    public void The_figure_is_drawn_in_every_format_with_the_same_bytes_again()
    {
        foreach (string rate in new[] { "cosine", "linear" })
            Write("mdlm", "MDLM", seed: 1, [100, 200, 300], second => 3 - (second / 1000), rate);
        string[] files = ["figures/time-curves.svg", "figures/time-curves.pdf", "figures/time-curves.png", "data/time-curves.csv"];
        BuiltReport.Build(folder["results"], folder["reports"]);
        byte[][] first = [.. files.Select(file => File.ReadAllBytes(folder["reports", file]))];
        Directory.Delete(folder["reports"], recursive: true);
        BuiltReport.Build(folder["results"], folder["reports"]);
        Assert.All(files.Zip(first), pair => Assert.Equal(pair.Second, File.ReadAllBytes(folder["reports", pair.First])));
        Assert.Contains("rate schedule linear", File.ReadAllText(folder["reports", files[0]]), StringComparison.Ordinal);
    }

    private void Write(
        string method, string title, int seed, double[] seconds, Func<double, double> bits, string? rate = null, double? minutes = 1)
    {
        var definition = JsonNode.Parse(SyntheticResults.Definition("recipe", "text8", method, title, "", seed).Canonical)!.AsObject();
        definition["training"] = new JsonObject();
        if (minutes is { } time)
            definition["training"]!["minutes"] = time;
        if (rate is not null)
        {
            definition["training"]!["rate-schedule"] = rate;
            definition["varied"] = new JsonObject { ["training.rate-schedule"] = rate };
        }

        var resolved = RunDefinition.From(definition);
        using var run = new RunStore(folder["results"]).Open(resolved);
        run.Begin(resolved, SyntheticResults.Place);
        using (var log = run.Training())
        {
            foreach (var (i, second) in seconds.Index())
                log.Append(new TrainingPoint(100 * (i + 1), 1000 * (i + 1), second, 2, 1, 1e-3, 1000, bits(second)));
        }

        double last = bits(seconds[^1]);
        run.Write([new Metric(LikelihoodMetrics.Likelihood.Name, Splits.Test, Units.BitsPerCharacter, last, 0.01, 512, "exact")]);
        run.Finish(60);
    }

    private static string[][] Rows(Figure figure) =>
        [.. figure.Data["time-curves.csv"].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(','))];

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private Comparison Compared() => Comparison.All(new RunStore(folder["results"]).ReadAll())[0];
}
