using System.Text.Json.Nodes;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Keys;
using Bench.Methods;
using Bench.Tasks;
using Bench.Tests.Experiments;
using Xunit;

namespace Bench.Tests.Tasks;

/// <summary>The JSON schema of definitions, as far as it depends on the task: what the reader accepts, an editor does.</summary>
public sealed class SchemaTests
{
    private static readonly TaskTable Tasks = new(TaskKinds.Rows.Add(Counting.Row));

    [Theory]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "methods": ["mdlm"] }""", true)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "task": { "kind": "infilling", "share": 0.25 } }""", true)]
    [InlineData("""{ "name": "x", "data": { "length": 8 } }""", false)]
    [InlineData("""{ "name": "x" }""", false)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "task": { "kind": "copy" } }""", false)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "task": { "kind": "infilling", "share": 25 } }""", false)]
    public void Tasks_on_texts_require_a_corpus(string definition, bool isRight) =>
        Assert.Equal(isRight, IsRight(definition, TaskTable.Program));

    [Theory]
    [InlineData("""{ "name": "x", "data": { "length": 8 }, "task": { "kind": "counting", "share": 7 } }""", true)]
    [InlineData("""{ "name": "x", "task": { "kind": "counting" } }""", true)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "task": { "kind": "counting" } }""", false)]
    [InlineData("""{ "name": "x", "task": { "kind": "infilling" } }""", false)]
    [InlineData("""{ "name": "x", "data": { "length": 8 }, "task": { "share": 7 } }""", false)]
    [InlineData("""{ "name": "x", "data": { "length": 8 } }""", false)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" }, "task": { "kind": "infilling", "share": 0.25 } }""", true)]
    [InlineData("""{ "name": "x", "data": { "corpus": "sotu" } }""", true)]
    [InlineData("""{ "data": { "corpus": "sotu" } }""", false)]
    public void A_task_with_examples_of_its_own_has_none(string definition, bool isRight) =>
        Assert.Equal(isRight, IsRight(definition, Tasks));

    // infilling's share is below one, and that of the other task a whole number up to nine.
    [Theory, InlineData("0.25", true), InlineData("7", true), InlineData("7.5", false), InlineData("10", false), InlineData("\"7\"", false)]
    public void A_key_of_two_tasks_may_have_the_values_of_either(string share, bool isRight) =>
        Assert.Equal(isRight, IsRight($$"""{ "name": "x", "data": {}, "task": { "kind": "counting", "share": {{share}} } }""", Tasks));

    [Theory, InlineData("counting", "0.25", false), InlineData("counting", "7", true), InlineData("infilling", "0.25", true),
        InlineData("infilling", "7", false)]
    public void Its_reader_takes_those_of_its_own_task_alone(string kind, string share, bool isRight)
    {
        using var place = new Workplace();
        string corpus = kind == "counting" ? "" : "corpus: sotu, ";
        var problems = place.Read($$"""
            name: x
            data: { {{corpus}}length: 8 }
            task: { kind: {{kind}}, share: {{share}} }
            methods: [mdlm]
            model: { blocks: 1, width: 8, heads: 1 }
            training: { steps: 1 }
            """, Tasks).Problems;
        Assert.Equal(isRight, problems.IsEmpty);
        if (!isRight)
            Assert.StartsWith("task.share is", Assert.Single(problems).What, StringComparison.Ordinal);
    }

    private static bool IsRight(string definition, TaskTable tasks) =>
        Fits(JsonNode.Parse(definition), JsonNode.Parse(DefinitionReader.SchemaOf(tasks))!);

    // As much of JSON Schema 2020-12 as the schema uses; anything else fails.
    private static bool Fits(JsonNode? value, JsonNode schema)
    {
        if (schema is JsonValue whole)
            return whole.GetValue<bool>();
        return schema.AsObject().All(keyword => keyword.Key switch
        {
            "$schema" or "title" or "description" or "default" or "examples" or "then" or "else" => true,
            "type" => IsOf((string)keyword.Value!, value),
            "enum" => keyword.Value!.AsArray().Any(known => JsonNode.DeepEquals(known, value)),
            "const" => JsonNode.DeepEquals(keyword.Value, value),
            "anyOf" => keyword.Value!.AsArray().Any(part => Fits(value, part!)),
            "oneOf" => keyword.Value!.AsArray().Count(part => Fits(value, part!)) == 1,
            "if" => schema[Fits(value, keyword.Value!) ? "then" : "else"] is not { } then || Fits(value, then),
            "minimum" => Number(value) is not { } number || number >= (double)keyword.Value!,
            "maximum" => Number(value) is not { } number || number <= (double)keyword.Value!,
            "exclusiveMinimum" => Number(value) is not { } number || number > (double)keyword.Value!,
            "exclusiveMaximum" => Number(value) is not { } number || number < (double)keyword.Value!,
            "pattern" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String
                || System.Text.RegularExpressions.Regex.IsMatch((string)value!, (string)keyword.Value!),
            "items" => value is not JsonArray items || items.All(item => Fits(item, keyword.Value!)),
            "minItems" => value is not JsonArray items || items.Count >= (int)keyword.Value!,
            "uniqueItems" => value is not JsonArray items || items.All(one => items.Count(other => JsonNode.DeepEquals(one, other)) == 1),
            "properties" => value is not JsonObject section
                || section.All(entry => keyword.Value![entry.Key] is not { } part || Fits(entry.Value, part)),
            "required" => value is not JsonObject section || keyword.Value!.AsArray().All(name => section.ContainsKey((string)name!)),
            "additionalProperties" => value is not JsonObject section || section.All(entry => schema["properties"]![entry.Key] is not null),
            _ => throw new NotSupportedException(keyword.Key),
        });
    }

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? (double)value : null;

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value?.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } number && double.IsInteger(number),
        _ => throw new NotSupportedException(type),
    };

    /// <summary>A task with a key of infilling's name, and examples of its own.</summary>
    private sealed record Counting(int Share) : ITask
    {
        public static readonly TaskRow Row = new TaskRow<Counting>(
            "numbers in order", new Counting(1),
            new Section(new Key<Counting, int>(
                "share", new Number<int>(new(1, 9), "it counts", "Use 1."), "How many.",
                task => task.Share, (task, value) => task with { Share = value }, "1")));

        public string Name => "counting";

        public ITaskData Data => CopyTests.Examples;

        public string? Refuses(IMethod method) => null;

        public string Condition(IMethod method, int length) => "";

        public Bench.Data.Tokens.IExamples Training(Bench.Data.Tokens.IExamples source) => source;

        public Bench.Data.Tokens.IExamples Evaluation(Bench.Data.Tokens.IExamples source) => source;

        public void Evaluate(IEvaluation run) => Assert.Fail("nothing is run");
    }
}
