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

/// <summary><c>generation.csv</c>: long form, one row a number. The first row's setting is the run's main one.</summary>
internal static class GenerationFile
{
    private const string Scorer = "scorer", FormerScorer = "judge"; // stored name, of results of earlier versions

    private static readonly string[] Header =
    [
        "sampler", "steps", "temperature", "nucleus", "cached", "batch", "metric", Scorer, "unit", "value", "standard_error", "low", "high",
        "count",
        "protocol",
    ];

    public static string Text(IEnumerable<GenerationMetric> metrics) => CsvFormat.Text(metrics.Select(Row).Prepend(Header));

    public static IReadOnlyList<GenerationMetric> Read(string path, string text)
    {
        string[] columns = text.Split('\n', 2)[0].TrimEnd('\r').Split(',');
        string scorer = columns.Contains(Scorer) || !columns.Contains(FormerScorer) ? Scorer : FormerScorer;
        return CsvFormat.Read(
            path,
            text,
            [.. Header.Select(column => column == Scorer ? scorer : column)],
            row => new GenerationMetric(
                Setting(row),
                row.Text("metric"),
                row.Text(scorer),
                row.Text("unit"),
                row.Number("value"),
                row.Optional("standard_error"),
                row.Optional("low"),
                row.Optional("high"),
                row.OptionalWhole("count"),
                row.Text("protocol")));
    }

    private static GenerationSetting Setting(CsvFields row)
    {
        double temperature = row.Finite("temperature"), nucleus = row.Finite("nucleus");
        if (temperature < 0)
            throw new FormatException($"temperature is {temperature}, and it is 0 or more");
        if (nucleus is < 0 or > 1)
            throw new FormatException($"nucleus is {nucleus}, and a probability lies in [0, 1]");
        return new(row.Text("sampler"), Count("steps", 0), temperature, nucleus, row.Text("cached") == "yes", Count("batch", 1));

        int Count(string column, int least) => row.Whole(column) is var count && count >= least && count <= int.MaxValue
            ? (int)count
            : throw new FormatException($"{column} is {count}, and it is {least} or more");
    }

    private static string[] Row(GenerationMetric m) =>
    [
        m.Setting.Sampler, CsvFormat.Field((long)m.Setting.Steps), CsvFormat.Field(m.Setting.Temperature),
        CsvFormat.Field(m.Setting.Nucleus),
        m.Setting.Cached ? "yes" : "no", CsvFormat.Field((long)m.Setting.Batch),
        m.Name, m.Scorer, m.Unit, CsvFormat.Field(m.Value), CsvFormat.Field(m.StandardError), CsvFormat.Field(m.Low),
        CsvFormat.Field(m.High),
        CsvFormat.Field(m.Count), m.Protocol,
    ];
}
