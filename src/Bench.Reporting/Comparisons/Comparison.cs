using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Results.Runs;

namespace Bench.Reporting.Comparisons;

/// <summary>Methods of one experiment that were measured on the same text, so that their numbers may stand in one table.</summary>
/// <param name="Suffix">Distinguished from other comparisons by this end of a file name; empty for the main one.</param>
/// <param name="Methods">N-grams by order, then networks, the best first.</param>
public sealed record Comparison(string Suffix, ImmutableArray<MethodResult> Methods)
{
    /// <summary>What is known of metrics.</summary>
    public MetricCatalog Catalog { get; init; } = MetricCatalog.Standard;

    public string Experiment => Methods[0].Definition.Experiment;

    public string Corpus => Methods[0].Definition.Corpus;

    public string DataHash => Methods[0].Definition.DataHash;

    /// <summary>Enough of the hash to distinguish texts.</summary>
    public string ShortHash => DataHash[..Math.Min(8, DataHash.Length)];

    /// <summary>What likelihoods are per: one text has one tokenizer.</summary>
    public LikelihoodUnits Units => Methods[0].Units;

    public IEnumerable<MethodResult> NGrams => Methods.Where(method => method.NGramOrder is not null);

    public IEnumerable<MethodResult> Networks => Methods.Where(method => method.NGramOrder is null);

    public ImmutableArray<string> Questions =>
        [.. Methods.Select(method => method.Definition.Question).Where(question => question.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Sorts runs into comparisons; the one that took the most time is the main one and comes first. Runs that train
    /// scorers are compared with nothing, unless there is nothing else.
    /// </summary>
    public static ImmutableArray<Comparison> All(IEnumerable<RunRecord> runs)
    {
        List<RunRecord> all = [.. runs], compared = [.. all.Where(run => run.Experiment != Scorers.Experiment)];
        var groups = (compared.Count > 0 ? compared : all)
            .GroupBy(
                run => (run.Experiment, run.Definition.Corpus, Tokenizer: run.Definition.Text("data.tokenizer"), run.Definition.DataHash))
            .OrderByDescending(group => group.Sum(run => run.Status.Seconds))
            .ThenBy(group => group.Key.Experiment, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Corpus, StringComparer.Ordinal)
            .ThenBy(group => group.Key.DataHash, StringComparer.Ordinal)
            .ToList();
        return [.. groups.Select((group, i) => Of(i == 0 ? "" : End(group.Key.Experiment, group.Key.DataHash), group))];

        // An experiment's name is enough, unless it has been run on several texts.
        string End(string experiment, string hash) =>
            $"-{FileName(experiment)}" + (groups.Count(group => group.Key.Experiment == experiment) > 1 ? $"-{FileName(hash)}" : "");
    }

    /// <summary>
    /// The strongest n-gram that this method is better than, by more than twice their combined standard error on the
    /// test text; null when there is none.
    /// </summary>
    public MethodResult? BeatenNGram(MethodResult method) => method.Bits(Splits.Test) is not { } bits
        ? null
        : NGrams.Where(ngram => ngram.Bits(Splits.Test) is { } other && IsClearlyLess(bits, other))
            .MinBy(ngram => ngram.Bits(Splits.Test)!.Value.Value);

    private static bool IsClearlyLess(Measurement a, Measurement b) =>
        b.Value - a.Value > 2 * Math.Sqrt(Math.Pow(a.StandardError ?? 0, 2) + Math.Pow(b.StandardError ?? 0, 2));

    private static Comparison Of(string suffix, IEnumerable<RunRecord> runs)
    {
        List<ImmutableArray<RunRecord>> definitions =
        [
            .. runs
                .GroupBy(run => string.Join('\n', Labels.Settings(run.Definition).Select(leaf => $"{leaf.Key}={leaf.Value}")),
                    StringComparer.Ordinal)
                .Select(group => group.OrderBy(run => run.Seed).ThenBy(run => run.Id, StringComparer.Ordinal).ToImmutableArray()),
        ];
        var labels = Labels.Of([.. definitions.Select(group => group[0].Definition)]);
        return new Comparison(
            suffix,
            [
                .. Placed([.. definitions.Zip(labels, (group, label) => new MethodResult(label, group))])
                    .OrderBy(method => method.NGramOrder ?? int.MaxValue)
                    .ThenBy(method => method.Bits(Splits.Test)?.Value ?? double.PositiveInfinity)
                    .ThenBy(method => method.Label, StringComparer.Ordinal)
                    .ThenBy(method => method.Runs[0].Id, StringComparer.Ordinal),
            ]);
    }

    private static IEnumerable<MethodResult> Placed(ImmutableArray<MethodResult> methods) => methods.Select(method => method with
    {
        Place = methods.Count(
            other => other.NGramOrder is null && Family.Of(other) == Family.Of(method)
                && string.CompareOrdinal(other.Label, method.Label) < 0),
    });

    private static string FileName(string text) =>
        string.Concat(text.ToLowerInvariant().Take(32).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
}

/// <summary>Names for definitions: the title, and where titles coincide the settings in which they differ.</summary>
internal static class Labels
{
    // More would be a definition, not a name; the definition itself is linked.
    private const int Most = 3;

    /// <summary>All settings that distinguish definitions, the seed aside.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Settings(RunDefinition definition) =>
        definition.Leaves().Where(leaf => leaf.Key != "seed" && !RunDefinition.IsDescriptive(leaf.Key));

    /// <summary>One label a definition, in the order given.</summary>
    public static ImmutableArray<string> Of(ImmutableArray<RunDefinition> definitions)
    {
        string[] labels =
            [.. definitions.Select(definition => Of(definition, [.. definitions.Where(other => other.Title == definition.Title)]))];

        // Where that many settings do not distinguish them, the id of the run does.
        return [.. labels.Select(
            (label, i) => labels.Count(label.Equals) == 1 ? label : $"{label} #{RunId.Of(definitions[i], definitions[i].DataHash)[..6]}")];
    }

    private static string Of(RunDefinition definition, ImmutableArray<RunDefinition> namesakes)
    {
        if (namesakes.Length == 1)
            return definition.Title;

        string[] swept = Swept.Keys(namesakes);
        if (swept.Length > 0)
            return $"{definition.Title} ({Swept.Words(definition, swept)})";

        string[] differing =
        [
            .. namesakes.SelectMany(Settings)
                .Select(leaf => leaf.Key)
                .Distinct(StringComparer.Ordinal)
                .Where(path => namesakes.Select(other => other.Text(path)).Distinct(StringComparer.Ordinal).Skip(1).Any())
                .OrderBy(path => path, StringComparer.Ordinal)
                .Take(Most),
        ];
        var words = differing.Select(
            path => $"{path[(path.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ')} {definition.Text(path) ?? "unset"}");
        return $"{definition.Title} ({string.Join(", ", words)})";
    }
}

/// <summary>What a sweep varied, for readers: <c>model.width</c> is a width, <c>method.noise.gamma</c> is γ.</summary>
internal static class Swept
{
    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["gamma"] = "γ", ["epsilon"] = "ε", ["eta"] = "η", ["lambda"] = "λ", ["sigma"] = "σ", ["rho"] = "ρ",
    };

    /// <summary>The swept keys whose values differ among some definitions, by key; none where one of them comes from no sweep.</summary>
    public static string[] Keys(IReadOnlyCollection<RunDefinition> definitions)
    {
        List<Dictionary<string, string>> all =
            [.. definitions.Select(definition => definition.Varied.ToDictionary(StringComparer.Ordinal))];
        return all.Exists(varied => varied.Count == 0)
            ? []
            : [.. all.SelectMany(varied => varied.Keys).Distinct(StringComparer.Ordinal)
                .Where(key => all.Select(varied => varied.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Skip(1).Any())
                .Order(StringComparer.Ordinal)];
    }

    /// <summary>The value of a key in a definition; null where it was not swept there.</summary>
    public static string? Value(RunDefinition definition, string key) =>
        definition.Varied.FirstOrDefault(pair => pair.Key == key).Value is { } written ? Said(written) : null;

    /// <summary>The value as a number; null where it is none.</summary>
    public static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>The end of a dotted key, as long as it takes to be unique.</summary>
    public static string Name(string key, IEnumerable<string> keys)
    {
        string[] parts = key.Split('.');
        int length = Enumerable.Range(1, parts.Length)
            .First(
                n => n == parts.Length
                    || !keys.Any(other => other != key && other.EndsWith("." + string.Join('.', parts[^n..]), StringComparison.Ordinal)));
        return string.Join(' ', parts[^length..].Select(part => Letters.GetValueOrDefault(part, part.Replace('-', ' '))));
    }

    // A section as people name it: its kind, then its keys, such as "muon, learning rate 0.02".
    private static string Said(string value)
    {
        if (!value.StartsWith('{'))
            return value;
        using var section = JsonDocument.Parse(value);
        return Said(section.RootElement);
    }

    private static string Said(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().OrderByDescending(entry => entry.Name == "kind")
            .Select(entry => (entry.Name == "kind" ? "" : $"{entry.Name.Replace('-', ' ')} ") + Said(entry.Value))),
        _ => value.GetRawText(),
    };

    /// <summary>Such as <c>width 64, γ 0.05</c>.</summary>
    public static string Words(RunDefinition definition, IReadOnlyCollection<string> keys) =>
        string.Join(", ", keys.Select(key => $"{Name(key, keys)} {Value(definition, key) ?? "unset"}"));
}
