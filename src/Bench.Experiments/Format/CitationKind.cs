using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments.Format;

/// <summary>A paper that the suite knows, by its key.</summary>
internal sealed partial class CitationKind : Kind<string>
{
    private const string File = "baselines/published/references.bib";

    private static readonly Words Written = new($"a key of {File}", BibliographyKey());

    /// <inheritdoc/>
    public override string Expected => Written.Expected;

    /// <inheritdoc/>
    public override JsonObject Schema() => Written.Schema();

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out string value)
    {
        if (!Written.TryRead(node, path, report, out value))
            return false;
        if (!References.Keys.Contains(value))
            report.Add(node, $"{path} names '{value}', which {File} does not have", Advice(value));
        return true; // so that the same key twice is told as well
    }

    private static string Advice(string key) => References.Keys.MinBy(known => Spelling.Edits(key, known)) is { } nearest
        ? $"The nearest key is '{nearest}'; a new paper needs an entry there first."
        : "A paper needs an entry there first.";

    [GeneratedRegex(@"\A[A-Za-z0-9:_.+-]{1,64}\z")]
    private static partial Regex BibliographyKey();
}
