using System.Text.RegularExpressions;
using Bench.Cli.Commands;
using Bench.Experiments.Planning;
using Bench.Kernels;
using Bench.Methods;
using Bench.Reporting;
using Bench.Results.Runs;
using Bench.Tests.Architecture;
using Xunit;

namespace Bench.Tests.Documents;

/// <summary>What docs/architecture.md names is there.</summary>
public sealed partial class ArchitectureDocumentTests
{
    private const int MostStops = 12;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

    private static readonly string[] Types =
    [
        .. new[] { typeof(Application), typeof(Plan), typeof(MethodTable), typeof(Engine), typeof(Report), typeof(RunStore) }
            .SelectMany(type => type.Assembly.GetTypes())
            .Select(type => type.Name.Split('`')[0]),
    ];

    [Fact]
    public void Types_that_are_named_exist()
    {
        string[] named = [.. TypeName().Matches(Text).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 30);
        Nothing.In(named.Except(Types));
    }

    [Fact]
    public void No_walk_has_more_than_twelve_stops()
    {
        int[] stops =
            [.. Stop().Matches(Text).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(3, stops.Count(stop => stop == 1));
        Assert.True(stops.Max() <= MostStops);
    }

    [GeneratedRegex("`(?<type>[A-Z][A-Za-z]+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^(?<stop>\d+)\. ", RegexOptions.Multiline)]
    private static partial Regex Stop();
}
