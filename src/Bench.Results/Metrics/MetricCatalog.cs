using System.Collections.Immutable;
using System.Reflection;
using Bench.Results.Runs;

namespace Bench.Results.Metrics;

/// <summary>The metrics that there are, by <see cref="MetricDescriptor.Place"/> and name.</summary>
public sealed class MetricCatalog
{
    private readonly ILookup<(string File, string Name), MetricDescriptor> byName;

    /// <summary>Sorts metrics.</summary>
    /// <exception cref="ArgumentException">A file has two of one name.</exception>
    public MetricCatalog(IEnumerable<MetricDescriptor> metrics)
    {
        All = [.. metrics.OrderBy(metric => metric.Place).ThenBy(metric => metric.Name, StringComparer.Ordinal)];
        byName = All.ToLookup(metric => (metric.File, metric.Name));
        if (byName.FirstOrDefault(named => named.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"{twice.Key.File} has two metrics of the name {twice.Key.Name}", nameof(metrics));
    }

    /// <summary>All that this project declares, those of tasks included: a metric in a new file is found without being listed.</summary>
    public static MetricCatalog Standard { get; } = new(Declared());

    /// <summary>Every metric.</summary>
    public ImmutableArray<MetricDescriptor> All { get; }

    /// <summary>Those of some kinds.</summary>
    public IEnumerable<MetricDescriptor> Of(params MetricKind[] kinds) => All.Where(metric => kinds.Contains(metric.Kind));

    /// <summary>Those that the table of their kind shows.</summary>
    public IEnumerable<MetricDescriptor> Shown(params MetricKind[] kinds) => Of(kinds).Where(metric => metric.Column is not null);

    /// <summary>The metric that a file calls by that name; null for one that is not known.</summary>
    public MetricDescriptor? Find(string file, string name) => byName[(file, name)].FirstOrDefault();

    /// <summary>This one and a metric more.</summary>
    public MetricCatalog With(MetricDescriptor metric) => new(All.Append(metric));

    private static IEnumerable<MetricDescriptor> Declared() =>
        from type in typeof(MetricDescriptor).Assembly.GetTypes()
        where type.IsPublic
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let isOne = property.PropertyType == typeof(MetricDescriptor)
        where isOne || property.PropertyType == typeof(ImmutableArray<MetricDescriptor>)
        from metric in isOne ? [(MetricDescriptor)property.GetValue(null)!] : (ImmutableArray<MetricDescriptor>)property.GetValue(null)!
        select metric;
}

/// <summary>Looks up rows of runs.</summary>
public static class MetricRows
{
    /// <summary>The row of that metric on that split; null where a run has none.</summary>
    public static Metric? Find(this RunRecord run, MetricDescriptor metric, string split = Splits.None) => run.Find(metric.Name, split);
}
