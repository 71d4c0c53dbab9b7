using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Results.Runs;

namespace Bench.Experiments.Definitions;

/// <summary>
/// A resolved run in JSON, by the keys of a definition with every default filled in: as <c>definition.json</c> has it, after which the run
/// is named wherever its files lie; and as another process reads it back.
/// </summary>
internal static class RunJson
{
    /// <summary>Where <c>definition.json</c> has the components of a method that is no row of the table.</summary>
    public const string Components = "nouns"; // stored name

    private static readonly Scalar Place = new(1, 1, "", IsPlain: false);

    /// <summary>A dotted path of <c>definition.json</c> as definitions write it.</summary>
    public static string Shown(string path)
    {
        if (path == Components || path.StartsWith($"{Components}.", StringComparison.Ordinal))
            return $"components{path[Components.Length..]}";
        string[] names = path.Split('.');
        Section? section = ExperimentKeys.Section;
        for (int i = 0; i < names.Length && section is not null; i++)
        {
            var key = section.Keys.FirstOrDefault(key => key.StoredName == names[i]);
            (names[i], section) = (key?.Name ?? names[i], key?.Section);
        }

        return string.Join('.', names);
    }

    /// <summary>What the run is named after.</summary>
    public static JsonObject Identity(RunSpec spec, string dataHash)
    {
        var json = Write(spec, isIdentity: true);
        json[ExperimentKeys.Data.Name]!["hash"] = dataHash;
        // Results depend on the row as it is now, not only on its name.
        if (spec.Method is NetworkMethod method)
        {
            json["row"] = new JsonObject(
                method.Components(spec.Data.Tokenizer.Vocabulary, spec.Data.Length).Select(
                    entry => KeyValuePair.Create(entry.Component, (JsonNode?)JsonValue.Create(entry.Is))));
        }

        if (spec.Scorer is { } scorer)
            json[ExperimentKeys.Scorer.StoredName] = RunId.Of(scorer.Definition(dataHash), dataHash);
        return json;
    }

    /// <summary>What <see cref="Read(JsonNode)"/> makes the run of again, on this machine.</summary>
    public static JsonObject Write(RunSpec spec)
    {
        var json = Write(spec, isIdentity: false);
        if (spec.Scorer is { } scorer)
            json[ExperimentKeys.Scorer.StoredName] = Write(scorer);
        return json;
    }

    /// <summary>Reads what <see cref="Write(RunSpec)"/> wrote.</summary>
    /// <exception cref="SuiteException">It is something else, or a file that it names is gone.</exception>
    public static RunSpec Read(JsonNode json) => Read(json, TaskTable.Program);

    /// <summary>The same, of a run on a task of a table.</summary>
    public static RunSpec Read(JsonNode json, TaskTable tasks)
    {
        var run = new RunSpec
        {
            Experiment = Text("experiment"),
            Question = Text("question"),
            Method = Method(Text("method"), Text("title"), Text("paper"), json[Components]?.ToJsonString()),
            Seed = (ulong)json["seed"]!,
            Varied = [.. (json["varied"]?.AsObject() ?? []).Select(entry => new Variation(entry.Key, Compact(entry.Value!)))],
            Source = Section(json, ExperimentKeys.Source.Name, SourceKeys.Section, SourceKeys.Blank),
            Assumed = [.. (json["assumed"]?.AsArray() ?? []).Select(said => (string)said!)],
            Scorer = json[ExperimentKeys.Scorer.StoredName] is { } scorer ? Read(scorer, tasks) : null,
            Tasks = tasks,
        };
        return Specialisation.Of(TaskKinds.OnOwnData(tasks.Parts.Aggregate(run, (made, part) => part.Read(made, json))));

        string Text(string name) => (string)json[name]!;
    }

    /// <summary>The method of a resolved run: the row of that name, or what its components make.</summary>
    /// <exception cref="SuiteException">There is no such row in this version of the suite, or the components cannot be read.</exception>
    public static IMethod Method(string name, string title, string paper, string? components) => components is not null
        ? MethodReader.Restore(name, title, components) with { Paper = paper }
        : MethodTable.Find(name) ?? throw new SuiteException(
            $"there is no method {name}", "The run may be of another version of the suite; run its experiment again.");

    /// <summary>A section of a resolved run; null where it has none. A key that is newer than the run has its default.</summary>
    /// <exception cref="SuiteException">A value is none of its key.</exception>
    public static TSpec? Section<TSpec>(JsonNode json, string name, Section section, TSpec blank)
        where TSpec : class
    {
        if (json[name] is not { } written)
            return null;
        var report = new Diagnostics("definition.json");
        var node = NodeJson.Node(written, Place);
        section.TryRead(section.FromStored(node), name, report, out var values);
        return report.Problems.FirstOrDefault() is { } problem
            ? throw new SuiteException(problem.What, problem.Fix)
            : section.Make(blank, values);
    }

    /// <summary>One value of a resolved run.</summary>
    /// <param name="json">The run.</param>
    /// <param name="section">The name of the key's section.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="SuiteException">There is none, or none of the key.</exception>
    public static T Value<T>(JsonNode json, string section, Key<T> key)
    {
        string path = $"{section}.{key.Name}";
        return json[section]?[key.StoredName] is { } written
            && key.Kind.TryRead(NodeJson.Node(written, Place), path, new("definition.json"), out var value)
            ? value
            : throw new SuiteException($"the run's definition has no {path}", "Delete the run's folder and run the experiment again.");
    }

    private static JsonObject Write(RunSpec spec, bool isIdentity)
    {
        var json = new JsonObject
        {
            ["experiment"] = spec.Experiment,
            ["question"] = spec.Question,
            ["method"] = spec.Method.Name,
            ["title"] = spec.Method.Title,
            ["paper"] = spec.Method.Paper,
            ["seed"] = spec.Seed,
        };
        if (!spec.Varied.IsEmpty)
            json["varied"] = new JsonObject(spec.Varied.Select(varied => KeyValuePair.Create(varied.Key, JsonNode.Parse(varied.Value))));
        if (spec.Method is NetworkMethod { Composition: { } components })
            json[Components] = JsonNode.Parse(components);
        if (spec.Source is { } source)
            json[ExperimentKeys.Source.Name] = SourceKeys.Section.Write(source, isIdentity);
        if (!spec.Assumed.IsEmpty)
            json["assumed"] = new JsonArray([.. spec.Assumed.Select(said => (JsonNode?)JsonValue.Create(said))]);
        foreach (var part in spec.Tasks.Parts)
            part.Write(spec, json, isIdentity);
        return json;
    }

    private static string Compact(JsonNode value) => CanonicalJson.Compact(JsonSerializer.SerializeToElement(value));
}
