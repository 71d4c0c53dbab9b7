namespace Bench.Results.Runs;

/// <summary><c>metrics.csv</c>: long form, one row a number.</summary>
internal static class MetricsFile
{
    private static readonly string[] Header = ["metric", "split", "unit", "value", "standard_error", "count", "protocol"];

    public static string Text(IEnumerable<Metric> metrics) => CsvFormat.Text(metrics
        .Select(m => new[]
        {
            m.Name, m.Split, m.Unit, CsvFormat.Field(m.Value), CsvFormat.Field(m.StandardError), CsvFormat.Field(m.Count), m.Protocol,
        })
        .Prepend(Header));

    public static IReadOnlyList<Metric> Read(string path, string text) => CsvFormat.Read(
        path,
        text,
        Header,
        row => new Metric(
            row.Text("metric"),
            row.Text("split"),
            row.Text("unit"),
            row.Number("value"),
            row.Optional("standard_error"),
            row.OptionalWhole("count"),
            row.Text("protocol")));
}
