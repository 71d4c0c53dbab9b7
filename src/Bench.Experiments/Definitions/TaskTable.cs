using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;

namespace Bench.Experiments.Definitions;

/// <summary>Tasks that definitions may name, and the keys of a definition with those of these tasks.</summary>
internal sealed class TaskTable
{
    private readonly Lazy<Section> keys;

    /// <summary>A table of some tasks.</summary>
    /// <param name="rows">The tasks; the first is that of a definition that names none.</param>
    public TaskTable(ImmutableArray<TaskRow> rows)
    {
        (Rows, Section) = (rows, new TaskSection(rows));
        keys = new(() => ExperimentKeys.SectionOf(this));
    }

    /// <summary>Those that come with the program.</summary>
    public static TaskTable Program { get; } = new(TaskKinds.Rows);

    /// <summary>The tasks.</summary>
    public ImmutableArray<TaskRow> Rows { get; }

    /// <summary>The section <c>task</c>.</summary>
    public TaskSection Section { get; }

    /// <summary>All keys of a definition.</summary>
    public Section Keys => keys.Value;

    /// <summary>The sections that are parts of a run.</summary>
    public IEnumerable<IRunSection> Parts => Keys.Keys.OfType<IRunSection>();

    /// <summary>
    /// A definition of a task with examples of its own, which names no corpus: they stand in its place. Others as they are.
    /// </summary>
    public Mapping Completed(Mapping definition)
    {
        string data = ExperimentKeys.Data.Name, corpus = DataKeys.Corpus.Name;
        // What is measured as published names its texts.
        if (definition[ExperimentKeys.Published.Name] is Mapping published
            && published[PublishedKeys.Texts.Name] is Sequence { Items: [Scalar text, ..] }
            && (definition[data] ?? definition with { Entries = [] }) is Mapping written && written[corpus] is null)
            return definition.With(text with { Text = data }, written.With(text with { Text = corpus }, text));
        if ((definition[ExperimentKeys.Task.Name] as Mapping)?[TaskSection.Kind.Name] is not Scalar kind
            || Rows.FirstOrDefault(row => row.Kind == kind.Text)?.Blank.Data is not { } own
            || (definition[data] ?? definition with { Entries = [] }) is not Mapping section || section[corpus] is not null)
            return definition;
        return definition.With(kind with { Text = data }, section.With(kind with { Text = corpus }, kind with { Text = own.Name }));
    }

    /// <summary>
    /// The schema of a definition, in which a corpus is required or not as the task has it; as it is where all tasks are on texts.
    /// </summary>
    public JsonObject WithOwnExamples(JsonObject schema)
    {
        string task = ExperimentKeys.Task.Name, data = ExperimentKeys.Data.Name, corpus = DataKeys.Corpus.Name;
        JsonNode?[] own = [.. Rows.Where(row => row.Blank.Data is not null).Select(row => (JsonNode?)row.Kind)];
        if (own.Length == 0)
            return schema;
        Free(schema, data);
        Free(schema["properties"]![data]!, corpus);
        var kind = new JsonObject { [TaskSection.Kind.Name] = new JsonObject { ["enum"] = new JsonArray(own) } };
        schema["if"] = new JsonObject
        {
            ["properties"] = Part(task, new JsonObject { ["properties"] = kind, ["required"] = new JsonArray(TaskSection.Kind.Name) }),
            ["required"] = new JsonArray(task),
        };
        schema["then"] = new JsonObject { ["properties"] = Part(data, new JsonObject { ["properties"] = Part(corpus, false) }) };
        schema["else"] = new JsonObject
        {
            ["properties"] = Part(data, new JsonObject { ["required"] = new JsonArray(corpus) }), ["required"] = new JsonArray(data),
        };
        return schema;

        static JsonObject Part(string key, JsonNode schema) => new() { [key] = schema };

        static void Free(JsonNode section, string key)
        {
            var required = section["required"]!.AsArray();
            required.Remove(required.First(name => (string)name! == key));
        }
    }

    /// <summary>The examples of a task by the name that stands for a corpus; null where no task has such.</summary>
    public ISource? SourceOf(string name) =>
        Rows.Select(row => row.Blank.Data).FirstOrDefault(own => own?.Name == name) is { } own ? new TaskSource(own) : null;
}
