namespace Bench.Results.Runs;

/// <summary><c>generation.csv</c>: long form, one row a number. The first row's setting is the run's main one.</summary>
internal static class GenerationFile
{
    private static readonly string[] Header =
        ["sampler", "steps", "temperature", "nucleus", "cached", "batch", "metric", "judge", "unit", "value", "standard_error", "low", "high", "count", "protocol"];

    public static string Text(IEnumerable<GenerationMetric> metrics) => CsvFormat.Text(metrics.Select(Row).Prepend(Header));

    public static IReadOnlyList<GenerationMetric> Read(string path, string text) => CsvFormat.Read(
        path,
        text,
        Header,
        row => new GenerationMetric(
            new GenerationSetting(
                row.Text("sampler"), (int)row.Whole("steps"), row.Number("temperature"), row.Number("nucleus"), row.Text("cached") == "yes", (int)row.Whole("batch")),
            row.Text("metric"),
            row.Text("judge"),
            row.Text("unit"),
            row.Number("value"),
            row.Optional("standard_error"),
            row.Optional("low"),
            row.Optional("high"),
            row.OptionalWhole("count"),
            row.Text("protocol")));

    private static string[] Row(GenerationMetric m) =>
    [
        m.Setting.Sampler, CsvFormat.Field((long)m.Setting.Steps), CsvFormat.Field(m.Setting.Temperature), CsvFormat.Field(m.Setting.Nucleus),
        m.Setting.Cached ? "yes" : "no", CsvFormat.Field((long)m.Setting.Batch),
        m.Name, m.Judge, m.Unit, CsvFormat.Field(m.Value), CsvFormat.Field(m.StandardError), CsvFormat.Field(m.Low), CsvFormat.Field(m.High), CsvFormat.Field(m.Count), m.Protocol,
    ];
}
