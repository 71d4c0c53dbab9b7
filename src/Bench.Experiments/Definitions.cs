using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Experiments.Format;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;
using Bench.Results;

namespace Bench.Experiments;

/// <summary>Experiment definitions: YAML files, checked to the last key before anything runs.</summary>
public static class Definitions
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The keys as JSON Schema, for editors.</summary>
    public static string Schema
    {
        get
        {
            var schema = ExperimentKeys.Section.Schema();
            schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
            schema.Insert(1, "title", "An experiment of the suite");
            return schema.ToJsonString(Indented) + "\n";
        }
    }

    /// <summary>The keys as a Markdown table, for people.</summary>
    public static string KeyTable
    {
        get
        {
            var table = new StringBuilder("| key | value | default | what it is |\n|---|---|---|---|\n");
            foreach (var (path, key) in Leaves(ExperimentKeys.Section, ""))
            {
                string fallback = key.IsRequired ? "required" : key.Default is null or "\"\"" ? "" : $"`{key.Default.Replace("\"", "", StringComparison.Ordinal)}`";
                table.Append($"| `{path}` | {key.Expected} | {fallback} | {key.Doc} |\n");
            }

            return table.ToString();
        }
    }

    /// <summary>Reads definitions.</summary>
    /// <param name="pathsOrFolders">Files, and folders of which each <c>*.yaml</c> is read, in the order of names.</param>
    public static Reading Load(params IEnumerable<string> pathsOrFolders)
    {
        var problems = new List<Problem>();
        var runs = new List<RunSpec>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal); // the file of each experiment
        foreach (string file in pathsOrFolders.SelectMany(path => DefinitionFiles.Find(path, problems)).Distinct(StringComparer.Ordinal))
        {
            if (DefinitionFiles.Read(file, problems) is not { } text)
                continue;
            var report = new Report(file);
            var found = Parse(text, report);
            if (report.Count > 0)
                found = [];
            problems.AddRange(report.Problems);
            runs.AddRange(found);
            if (!found.IsEmpty && !owners.TryAdd(found[0].Experiment, file))
                problems.Add(new(file, $"the name {found[0].Experiment} is taken by {owners[found[0].Experiment]}", "Give each experiment a name of its own: results are kept under it."));
        }

        return problems.Count > 0 ? new Reading([], [.. problems]) : new Reading([.. runs], []);
    }

    /// <summary>Reads one definition from its text.</summary>
    internal static ImmutableArray<RunSpec> Parse(string text, Report report)
    {
        if (TreeReader.Read(text, report) is not { } root)
            return [];
        if (root is not Mapping written)
        {
            ExperimentKeys.Section.TryRead(root, "", report, out _);
            return [];
        }

        var (definition, sweep) = Sweep.Split(Profile.Under(written, report), report);
        if (sweep is null)
            return Resolve(definition, report);
        var runs = new List<RunSpec>();
        foreach (var (combination, varied) in sweep.Over(definition, report))
        {
            runs.AddRange(Resolve(combination, report).Select(run => run with { Varied = varied }));
            if (runs.Count <= Sweep.Most)
                continue;
            report.Add(definition, $"the definition has more than {Sweep.Most} runs", "Vary fewer keys at once, or write several definitions.");
            break;
        }

        return report.Count > 0 ? [] : sweep.Collapse(runs, report);
    }

    private static ImmutableArray<RunSpec> Resolve(Mapping definition, Report report) =>
        ExperimentKeys.Section.TryRead(definition, "", report, out var values) ? new Resolver(report).Resolve(values) : [];

    private static IEnumerable<(string Path, Key Key)> Leaves(Section section, string prefix) =>
        section.Keys.SelectMany(key => key.Section is { } inner ? Leaves(inner, $"{prefix}{key.Name}.") : [($"{prefix}{key.Name}", key)]);
}
