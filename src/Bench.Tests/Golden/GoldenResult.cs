using System.Text.Json;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>What a golden case says comes out. It can only be compared with what was computed: its numbers cannot be had before.</summary>
public sealed class GoldenResult(JsonElement json)
{
    private readonly HashSet<string> compared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GoldenResult[]> parts = new(StringComparer.Ordinal);

    /// <summary>Fields.</summary>
    public IEnumerable<string> Names => json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().Select(property => property.Name)
        : [];

    /// <summary>Fields that nothing has been compared with.</summary>
    public IEnumerable<string> NeverCompared => Names.SelectMany(name =>
        parts.TryGetValue(name, out var within) ? within.SelectMany(part => part.NeverCompared).Distinct().Select(part => $"{name}.{part}")
            : compared.Contains(name) ? [] : [name]);

    public bool Has(string name) => Names.Contains(name);

    /// <summary>Compares all numbers of a field, or those at some places of its row-major order.</summary>
    /// <param name="name">The field.</param>
    /// <param name="ours">As many numbers as the field has.</param>
    /// <param name="tolerance">Relative, and absolute for numbers below 1.</param>
    /// <param name="what">What the message calls it; null for the field's name.</param>
    /// <param name="where">Which places are compared; null for all.</param>
    /// <param name="of">What is applied to the file's numbers first; null for nothing.</param>
    public void Match(string name, double[] ours, double tolerance = 1e-9, string? what = null, Func<int, bool>? where = null, Func<double,
        double>? of = null)
    {
        double[] theirs = GoldenNumbers.Of(Field(name));
        if (theirs.Length != ours.Length)
            throw new XunitException($"{what ?? name}: {theirs.Length} numbers expected, {ours.Length} found");
        theirs = [.. theirs.Select((number, at) => where is not null && !where(at) ? ours[at] : of is null ? number : of(number))];
        Close.Assert(theirs, ours, tolerance, what ?? name);
    }

    public void Match(string name, double ours, double tolerance = 1e-9, string? what = null) => Match(name, [ours], tolerance, what);

    public void Match(string name, Tensor ours, double tolerance = 1e-9, string? what = null, Func<int, bool>? where = null, Func<double,
        double>? of = null) =>
        Match(name, ours.to(float64).contiguous().data<double>().ToArray(), tolerance, what, where, of);

    /// <summary>Compares every number of a field with the same one.</summary>
    public void MatchAll(string name, double ours) => Match(name, [.. GoldenNumbers.Of(Field(name)).Select(_ => ours)]);

    /// <summary>Compares whole numbers, exactly.</summary>
    public void Match(string name, IEnumerable<long> ours) => Match(name, [.. ours.Select(number => (double)number)], tolerance: 0);

    /// <summary>Compares a list with nothing.</summary>
    public void MatchNothing(string name) => Xunit.Assert.Equal(JsonValueKind.Null, Field(name).ValueKind);

    /// <summary>Compares token ids by row, exactly.</summary>
    public void Match(string name, long[][] ours) => Match(name, ours.SelectMany(row => row));

    /// <summary>Compares a text.</summary>
    public void Match(string name, string ours) => Xunit.Assert.Equal(Field(name).GetString(), ours);

    /// <summary>Compares a list of numbers or lists with lists: a number stands for every entry of ours.</summary>
    public void MatchEach(string name, double[][] ours)
    {
        double[][] theirs = [.. Field(name).EnumerateArray().Select(GoldenNumbers.Of)];
        Xunit.Assert.Equal(theirs.Length, ours.Length);
        foreach (var ((expected, found), index) in theirs.Zip(ours).Select((pair, index) => (pair, index)))
            Close.Assert(expected.Length == 1 ? [.. found.Select(_ => expected[0])] : expected, found, what: $"{name}[{index}]");
    }

    /// <summary>Compares rows of numbers up to a factor of each row.</summary>
    public void MatchShares(string name, double[][] ours, Func<int, bool> where, double tolerance = 1e-9)
    {
        double[] theirs = GoldenNumbers.Of(Field(name));
        foreach (var ((expected, found), row) in theirs.Chunk(ours[0].Length).Zip(ours).Select((pair, row) => (pair, row))
            .Where(each => where(each.row)))
            Close.Assert(expected, Array.ConvertAll(found, number => number * expected.Sum() / found.Sum()), tolerance, $"{name}[{row}]");
    }

    /// <summary>Numbers that say what the fields beside them are of, such as the pattern of a row.</summary>
    public double[] Given(string name) => GoldenNumbers.Of(Field(name));

    /// <summary>The fields of a field.</summary>
    public GoldenResult Of(string name) => (parts[name] = parts.GetValueOrDefault(name) ?? [new(Field(name))])[0];

    /// <summary>A list of objects.</summary>
    public GoldenResult[] Rows(string name) => parts[name] = [.. Field(name).EnumerateArray().Select(row => new GoldenResult(row))];

    private JsonElement Field(string name)
    {
        if (!json.TryGetProperty(name, out var field))
            throw new XunitException($"the case has no {name}; it has {string.Join(", ", Names)}");
        compared.Add(name);
        return field;
    }
}
