using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bench.Results;

namespace Bench.Reporting.Figures;

/// <summary>
/// A figure before it is drawn: tidy data, and the few values its gnuplot template needs beside them. How it looks is
/// the template's business, <c>reports/figures/&lt;name&gt;.gp</c>, which an author can edit.
/// </summary>
/// <param name="Name">Of the template's file; the figure's own files end with the suffix as well.</param>
/// <param name="Suffix">Tells figures of one template apart; mostly empty.</param>
/// <param name="Caption">What is shown, for people.</param>
internal sealed record Figure(string Name, string Suffix, string Caption)
{
    private readonly List<KeyValuePair<string, string>> settings = [];

    /// <summary>Its file name without extension.</summary>
    public string FileName => Name + Suffix;

    /// <summary>File name to content, all in the folder <c>data</c>.</summary>
    public Dictionary<string, string> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a data file and the variable by which the template finds it.</summary>
    public void Add(string variable, string file, IEnumerable<IReadOnlyList<string>> rows)
    {
        Data.Add(file, CsvFormat.Text(rows));
        Set(variable, $"data/{file}");
    }

    public void Set(string variable, string value) => settings.Add(new(variable, Quoted(value)));

    /// <summary>A real number, with a point: gnuplot divides whole numbers as whole numbers.</summary>
    public void Set(string variable, double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        settings.Add(new(variable, text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text));
    }

    public void Set(string variable, int value) => settings.Add(new(variable, value.ToString(CultureInfo.InvariantCulture)));

    /// <summary>An array, from 1; gnuplot knows none that is empty.</summary>
    public void Set(string variable, ImmutableArray<string> values)
    {
        Set($"{variable}_count", values.Length);
        if (values.Length > 0)
            settings.Add(new($"array {variable}[{values.Length}]", $"[{string.Join(", ", values.Select(Quoted))}]"));
    }

    /// <summary>What the template loads.</summary>
    public string Settings()
    {
        var text = new StringBuilder($"# Made for {Name}.gp; edit that file, not this one.\n");
        foreach (var (variable, value) in settings)
            text.Append(variable).Append(" = ").Append(value).Append('\n');
        return text.ToString();
    }

    /// <summary>A string in gnuplot: nothing in it is an escape or a command.</summary>
    internal static string Quoted(string text) => "'" + text.ReplaceLineEndings(" ").Replace("'", "''", StringComparison.Ordinal) + "'";
}
