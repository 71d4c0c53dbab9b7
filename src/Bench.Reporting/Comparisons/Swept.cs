using System.Globalization;
using Bench.Results.Runs;

namespace Bench.Reporting.Comparisons;

/// <summary>What a sweep varied, in words: <c>model.width</c> is a width, <c>method.noise.gamma</c> is γ.</summary>
internal static class Swept
{
    private static readonly Dictionary<string, string> Letters = new(StringComparer.Ordinal)
    {
        ["gamma"] = "γ", ["epsilon"] = "ε", ["eta"] = "η", ["lambda"] = "λ", ["sigma"] = "σ", ["rho"] = "ρ",
    };

    /// <summary>The swept keys whose values differ among some definitions, by key; none where one of them comes from no sweep.</summary>
    public static string[] Keys(IReadOnlyCollection<RunDefinition> definitions)
    {
        List<Dictionary<string, string>> all = [.. definitions.Select(definition => definition.Varied.ToDictionary(StringComparer.Ordinal))];
        return all.Exists(varied => varied.Count == 0)
            ? []
            : [.. all.SelectMany(varied => varied.Keys).Distinct(StringComparer.Ordinal).Where(key => all.Select(varied => varied.GetValueOrDefault(key)).Distinct(StringComparer.Ordinal).Skip(1).Any()).Order(StringComparer.Ordinal)];
    }

    /// <summary>The value of a key in a definition; null where it was not swept there.</summary>
    public static string? Value(RunDefinition definition, string key) => definition.Varied.FirstOrDefault(pair => pair.Key == key).Value;

    /// <summary>The value as a number; null where it is none.</summary>
    public static double? Number(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    /// <summary>The end of a dotted key, as long as it takes to tell it from the others.</summary>
    public static string Name(string key, IEnumerable<string> keys)
    {
        string[] parts = key.Split('.');
        int length = Enumerable.Range(1, parts.Length).First(n => n == parts.Length || !keys.Any(other => other != key && other.EndsWith("." + string.Join('.', parts[^n..]), StringComparison.Ordinal)));
        return string.Join(' ', parts[^length..].Select(part => Letters.GetValueOrDefault(part, part.Replace('-', ' '))));
    }

    /// <summary>Such as <c>width 64, γ 0.05</c>.</summary>
    public static string Words(RunDefinition definition, IReadOnlyCollection<string> keys) =>
        string.Join(", ", keys.Select(key => $"{Name(key, keys)} {Value(definition, key) ?? "unset"}"));
}
