using Bench.Reporting.Figures.Drawing;
using System.Collections.Immutable;
using Bench.Reporting.Comparisons;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;

namespace Bench.Reporting.Figures.Frontiers;

/// <summary>What a swept value does: test likelihood, and perplexity under a scorer, over the value; a line for all that is otherwise alike.</summary>
internal static class Sweep
{
    // Ratios of values from which a logarithmic axis shows more.
    private const double Decade = 10;

    // A sweep over methods is what all tables are.
    private const string MethodKey = "method";

    /// <summary>A figure a swept key of which at least two values were measured.</summary>
    /// <param name="comparison">Its methods.</param>
    /// <param name="scorer">The scorer of perplexities; null where nothing was scored.</param>
    public static IEnumerable<Figure> Build(Comparison comparison, string? scorer)
    {
        ImmutableArray<MethodResult> methods = [.. comparison.Networks.Where(method => method.Definition.Varied.Any() && (method.Bits(Splits.Test) is not null || Perplexity(method, scorer) is not null))];
        string[] keys = Swept.Keys([.. methods.Select(method => method.Definition)]);
        return keys.Where(key => key != MethodKey).Select(key => Of(comparison, methods, key, keys, scorer)).OfType<Figure>();
    }

    private static Figure? Of(Comparison comparison, ImmutableArray<MethodResult> methods, string key, string[] keys, string? scorer)
    {
        methods = [.. methods.Where(method => Swept.Value(method.Definition, key) is not null)];
        string[] values = [.. methods.Select(method => Swept.Value(method.Definition, key)!).Distinct(StringComparer.Ordinal).OrderBy(value => Swept.Number(value) ?? double.PositiveInfinity).ThenBy(value => value, StringComparer.Ordinal)];
        if (values.Length < 2)
            return null;

        var axis = AxisOf(Swept.Name(key, keys), values);
        double Place(MethodResult method) => Swept.Value(method.Definition, key) is var value && axis.Categories.IsEmpty ? Swept.Number(value!)!.Value : Array.IndexOf(values, value) + 1;
        string[] others = [.. keys.Where(other => other != key && other != MethodKey)];
        ImmutableArray<Line> Lines(Func<MethodResult, Measurement?> measure) =>
        [
            .. methods
                .GroupBy(method => (method.Definition.Title, Others: string.Join(", ", others.Where(other => Swept.Value(method.Definition, other) is not null).Select(other => $"{Swept.Name(other, keys)} {Swept.Value(method.Definition, other)}"))))
                .Select(group => new Line(
                    group.Key.Others.Length == 0 ? group.Key.Title : $"{group.Key.Title}, {group.Key.Others}",
                    Family.Of(group.First()).Title,
                    "",
                    [.. group.Where(method => measure(method) is not null).OrderBy(Place).Select(method => new Point($"{key} {Swept.Value(method.Definition, key)}", Place(method), measure(method)!.Value, IsMain: false))]))
                .Where(line => !line.Points.IsEmpty)
                .OrderBy(line => line.Method, StringComparer.Ordinal),
        ];

        ImmutableArray<Panel> panels =
        [
            new("", new Axis($"Test {comparison.Units.Bits}"), Lines(Bits)),
            .. scorer is null
                ? ImmutableArray<Panel>.Empty
                : [new("", Axis.Of(ScoredText.Perplexity, scorer), Lines(method => Perplexity(method, scorer)))],
        ];
        return Frontier.Of(
            $"{FileName(Swept.Name(key, keys), key)}{comparison.Suffix}",
            $"What {key} does to the likelihood of the test text{(scorer is null ? "" : $", and to the perplexity of generated text under {scorer}")}. Bars are 95 % intervals: Student's over seeds where there are several, of the measurement where there is one. A diffusion model's likelihood is an upper bound.",
            axis,
            panels,
            isSweep: true);
    }

    // Zero is nowhere on a logarithmic axis: where decades and zero are to be shown, each value gets its place.
    private static Axis AxisOf(string name, string[] values)
    {
        string title = char.ToUpperInvariant(name[0]) is >= 'A' and <= 'Z' and var first ? first + name[1..] : name;
        double[] numbers = [.. values.Select(Swept.Number).OfType<double>()];
        double[] positive = [.. numbers.Where(number => number > 0)];
        bool spans = positive.Length > 1 && positive.Max() / positive.Min() >= Decade;
        return numbers.Length < values.Length || (spans && positive.Length < numbers.Length)
            ? new Axis(title) { Categories = [.. values] }
            : new Axis(title, IsLogarithmic: spans) { MarksValues = true };
    }

    private static Measurement? Bits(MethodResult method) => method.Bits(Splits.Test) is not { } bits || !double.IsFinite(bits.Value)
        ? null
        : method.SeedSpread?.Interval is { } seeds ? bits with { Interval = seeds } : Barred(bits);

    private static Measurement? Perplexity(MethodResult method, string? scorer) =>
        scorer is not null && method.Generated.Main is { } main
        && method.Generated.Quality(main, ScoredText.Perplexity, scorer) is { } found
            ? Barred(found)
            : null;

    private static Measurement Barred(Measurement measured) => measured is { Interval: null, StandardError: { } error }
        ? measured with { Interval = new Interval(measured.Value - (Interval.Reach * error), measured.Value + (Interval.Reach * error)) }
        : measured;

    // Greek letters are avoided in file names; the whole key is long, but plain.
    private static string FileName(string name, string key) =>
        string.Concat((name.All(char.IsAscii) ? name : key[(key.LastIndexOf('.') + 1)..]).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}
