using Bench.Results.Metrics;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary><c>docs/metrics.md</c> ends with a table of all metrics. BENCH_ACCEPT=1 writes it.</summary>
public sealed class MetricsDocumentTests
{
    private const string Header = "| metric | unit | better | guarded | what it is |\n| --- | --- | --- | --- | --- |\n";

    private static readonly string[] Ends = [".", ";", ", which "];

    [Fact]
    public void The_table_of_metrics_is_that_of_the_code()
    {
        string path = Path.Combine(Repository.Root, "docs", "metrics.md"), text = File.ReadAllText(path);
        int begin = text.IndexOf(Header, StringComparison.Ordinal);
        string table = Header + string.Concat(MetricCatalog.Standard.All.Select(Line));
        if (Environment.GetEnvironmentVariable("BENCH_ACCEPT") == "1")
            File.WriteAllText(path, text = text[..begin] + table);
        Assert.Equal(table, text[begin..]);
    }

    // The first clause: more would make long lines.
    private static string Line(MetricDescriptor metric)
    {
        int end = Ends.Select(end => metric.Sentence.IndexOf(end, StringComparison.Ordinal)).Where(at => at >= 0).Min();
        string what = metric.Sentence[..end].Replace("{units}", "characters or tokens", StringComparison.Ordinal);
        string[] cells =
        [
            "",
            metric.Name,
            metric.IsPerToken ? $"{metric.Unit} (token)" : metric.Unit,
            metric.Better switch { Direction.Less => "less", Direction.More => "more", _ => "" },
            metric.Guard is null ? "" : "yes",
            $"{metric.Title}: {what}",
            "",
        ];
        return string.Join('|', cells.Select(cell => cell.Length == 0 ? " " : $" {cell} ")).Trim() + "\n";
    }
}
