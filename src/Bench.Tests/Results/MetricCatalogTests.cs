using System.Reflection;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;
using Bench.Tasks.Infilling;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Results;

public sealed class MetricCatalogTests
{
    private static MetricCatalog Catalog => MetricCatalog.Standard;

    [Fact]
    public void Every_number_of_the_reference_results_is_of_a_known_metric_in_its_unit()
    {
        string[] profiles = Directory.GetDirectories(Path.Combine(Repository.Root, "results", "reference"));
        var runs = profiles.SelectMany(profile => new RunStore(profile).ReadAll()).ToList();
        var rows = runs.SelectMany(run => run.Metrics).Select(row => ("metrics.csv", row.Name, row.Unit))
            .Concat(runs.SelectMany(run => run.Generation).Select(row => ("generation.csv", row.Name, row.Unit)))
            .ToHashSet();
        Assert.True(rows.Count > 25, $"only {rows.Count} metrics are there");
        Assert.All(rows, row =>
        {
            var metric = Catalog.Find(row.Item1, row.Name);
            Assert.NotNull(metric);
            Assert.Contains(row.Unit, new[] { metric.UnitPer(LikelihoodUnits.Character), metric.UnitPer(LikelihoodUnits.Token) });
        });
    }

    [Fact]
    public void Every_metric_says_what_it_is_in_which_unit_and_where()
    {
        var units = typeof(Units).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet();
        Assert.All(Catalog.All, metric =>
        {
            Assert.Matches("^[a-z][a-z0-9-]*[a-z0-9]$", metric.Name);
            Assert.NotEmpty(metric.Title);
            Assert.EndsWith(".", metric.Sentence, StringComparison.Ordinal);
            Assert.Contains(metric.Unit, units);
            Assert.Contains(metric.UnitPer(LikelihoodUnits.Token), units);
            Assert.True(Enum.IsDefined(metric.Better));
            Assert.True(metric.Measure is null || metric.Kind == MetricKind.Text, metric.Name);
        });
    }

    [Fact]
    public void Columns_of_a_table_and_names_in_baselines_distinguish_metrics()
    {
        MetricKind[][] tables = [[MetricKind.Likelihood, MetricKind.Training], [MetricKind.Bound], [MetricKind.Text, MetricKind.Cost]];
        Assert.All(tables, kinds => AssertDistinct(Catalog.Shown(kinds).Select(metric => metric.Column!.Key)));
        AssertDistinct(Catalog.All.Where(metric => metric.Guard is not null).Select(metric => metric.Guard!.Name ?? metric.Name));
    }

    [Fact]
    public void Metrics_are_found_where_they_are_declared_and_come_in_order()
    {
        Assert.Contains(SampleEntropy.Metric, Catalog.All);
        Assert.Contains(InfillingMetrics.TokenAccuracy, Catalog.All);
        Assert.Superset(Distinct.Metrics.ToHashSet(), Catalog.All.ToHashSet());
        Assert.Equal(Catalog.All.OrderBy(metric => metric.Place).ThenBy(metric => metric.Name, StringComparer.Ordinal), Catalog.All);
        var declaring = typeof(MetricDescriptor).Assembly.GetTypes()
            .Where(type => type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
                .Any(property => property.PropertyType == typeof(MetricDescriptor)));
        Assert.All(declaring, type =>
        {
            Assert.True(type.IsPublic, $"{type} is not public, so that its metrics are not found");
            bool isOfTask = type.Namespace!.StartsWith("Bench.Tasks.", StringComparison.Ordinal);
            Assert.True(isOfTask || type.Namespace == typeof(MetricDescriptor).Namespace, $"{type} declares metrics in another folder");
        });
    }

    [Fact]
    public void A_file_has_one_metric_of_a_name()
    {
        var twice = SampleEntropy.Metric with { Place = 1 };
        Assert.Contains("sample-entropy", Assert.Throws<ArgumentException>(() => Catalog.With(twice)).Message, StringComparison.Ordinal);
        Assert.NotSame(Catalog.Find("metrics.csv", "peak-memory"), Catalog.Find("generation.csv", "peak-memory"));
        Assert.Null(Catalog.Find("metrics.csv", "sample-entropy"));
    }

    private static void AssertDistinct(IEnumerable<string> names) => Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
}
