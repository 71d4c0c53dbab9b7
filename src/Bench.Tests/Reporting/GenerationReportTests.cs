using Bench.Reporting;
using Bench.Tests.Results;
using Xunit;

namespace Bench.Tests.Reporting;

/// <summary>One report of all methods' generation, for all tests that only look at it.</summary>
public sealed class BuiltGeneration : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public BuiltGeneration()
    {
        SyntheticGeneration.Write(folder["results"]);
        if (Environment.GetEnvironmentVariable("BENCH_KEEP") is { Length: > 0 } keep)
            System.Diagnostics.Process.Start("cp", ["-r", folder["results"], keep]).WaitForExit();
        Report = BuiltReport.Build(folder["results"], folder["reports"]);
    }

    public Report Report { get; }

    public string Root => folder["reports"];

    public string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public void Dispose() => folder.Dispose();
}

public sealed class GenerationReportTests(BuiltGeneration built) : IClassFixture<BuiltGeneration>
{
    [Theory]
    [InlineData("zero-shot.md")]
    [InlineData("zero-shot.csv")]
    [InlineData("generation.md")]
    [InlineData("generation.csv")]
    [InlineData("generation.tex")]
    [InlineData("throughput.md")]
    [InlineData("throughput.csv")]
    [InlineData("correction.md")]
    [InlineData("correction.tex")]
    public void A_table_of_generation_is_as_it_was(string name) => GoldenFile.Matches(name, built.Read($"tables/{name}"));

    [Theory]
    [InlineData("temperature"), InlineData("steps"), InlineData("speed"), InlineData("correction"), InlineData("cache")]
    public void A_frontier_is_drawn_in_every_format_from_the_data_beside_it(string name)
    {
        foreach (string format in (string[])["svg", "pdf", "png"])
            Assert.True(new FileInfo(Path.Combine(built.Root, "figures", $"frontier-{name}.{format}")).Length > 4000, format);
        Assert.Contains($"data/frontier-{name}.csv", built.Report.Files);
    }
}
