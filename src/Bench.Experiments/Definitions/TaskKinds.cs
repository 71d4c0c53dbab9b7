using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;
using Bench.Tasks;
using Bench.Tasks.GuidanceToy;
using Bench.Tasks.Infilling;
using Bench.Tasks.TextGeneration;

namespace Bench.Experiments.Definitions;

/// <summary>The tasks by name, with the keys of each. A new task is one more line.</summary>
internal static class TaskKinds
{
    /// <summary>Those that come with the program; the first is that of a definition that names none.</summary>
    public static readonly ImmutableArray<TaskRow> Rows = [TextGenerationKeys.Row, InfillingKeys.Row, GuidanceToyKeys.Row];

    /// <summary>A run on the examples of its task, where that has any, as its keys have it.</summary>
    public static RunSpec OnOwnData(RunSpec run) =>
        run.Task?.Data is { } own ? run with { Data = run.Data with { Source = new TaskSource(own), Tokenizer = own.Tokenizer } } : run;
}

/// <summary>What does not go with a task: methods that cannot do it, texts where it has examples of its own.</summary>
internal static class TaskRules
{
    /// <summary>The task of a section; null for text generation.</summary>
    public static ITask? Of(Values values, TaskTable tasks) =>
        values.IsComplete && tasks.Section.Make(ExperimentKeys.Task.Blank, values) is var task and not TextGenerationTask ? task : null;

    /// <summary>Reports them.</summary>
    /// <param name="task">The task; null for text generation, and for one that could not be read and has been reported.</param>
    /// <param name="experiment">The values of the definition.</param>
    /// <param name="resolver">Knows its methods and data.</param>
    /// <param name="report">Takes problems.</param>
    public static void Check(ITask? task, Values experiment, Resolver resolver, Diagnostics report)
    {
        var place = experiment.At(experiment.IsWritten(ExperimentKeys.Method) ? ExperimentKeys.Method : ExperimentKeys.Methods);
        foreach (var method in resolver.Methods)
        {
            if (task?.Refuses(method) is { } reason)
            {
                report.Add(
                    place,
                    $"{method.Name} cannot do the task {task.Name}: {reason}",
                    $"Leave {method.Name} out, or give it a definition of its own.");
            }
        }

        if (resolver.Of(ExperimentKeys.Data) is not { } data)
            return;
        var corpus = experiment.Get(ExperimentKeys.Data).At(DataKeys.Corpus);
        if (data.Source is MeasuredText && !experiment.IsWritten(ExperimentKeys.Source))
        {
            report.Add(corpus, $"data.corpus is {data.Corpus}, a text that is only measured: nothing is trained on it",
                "Name a text with a training part, or a checkpoint under 'source'.");
        }

        bool isRead = !experiment.Has(ExperimentKeys.Task) || experiment.Get(ExperimentKeys.Task).IsComplete;
        if (isRead && task?.Data is null && data.Source is TaskSource)
        {
            report.Add(
                corpus, $"data.corpus is {data.Corpus}, which is no text but the examples of a task",
                "Name that task under 'task', or a text here.");
        }

        if (task?.Data is not { } own)
            return;
        string why = $"but the task {task.Name} has examples of its own";
        if (data.Corpus != own.Name)
            report.Add(corpus, $"data.corpus is {data.Corpus}, {why}", "Leave corpus out.");
        if (experiment.IsWritten(ExperimentKeys.Scorer))
            report.Add(experiment.At(ExperimentKeys.Scorer), $"scorer asks for a network that scores text, {why}", "Leave scorer out.");
        if (resolver.Of(ExperimentKeys.Sampling) is { Scorers.IsEmpty: false })
        {
            report.Add(
                experiment.Get(ExperimentKeys.Sampling).At(SamplingKeys.Scorers), $"sampling.scorers names models that score text, {why}",
                "Leave scorers out.");
        }

        if (resolver.Of(ExperimentKeys.Evaluation) is { ZeroShot.IsEmpty: false })
        {
            report.Add(
                experiment.Get(ExperimentKeys.Evaluation).At(EvaluationKeys.ZeroShot), $"evaluation.zero-shot names texts, {why}",
                "Leave zero-shot out.");
        }
    }
}

/// <summary>The section <c>task</c>: a kind, and the keys of that kind alone.</summary>
internal sealed class TaskSection(ImmutableArray<TaskRow> rows) : Section
{
    /// <summary>The key that names the task.</summary>
    public static readonly Key<string> Kind = new(
        "kind",
        new TaskName(TaskKinds.Rows),
        $"{string.Join("; ", TaskKinds.Rows.Select(row => $"{row.Kind}: {row.Doc}"))}.",
        $"\"{TaskKinds.Rows[0].Kind}\"");

    private readonly Key<string> kind = Kind with { Kind = new TaskName(rows) };

    /// <inheritdoc/>
    public override ImmutableArray<Key> Keys => [kind, .. rows.SelectMany(row => row.Keys.Keys)];

    /// <inheritdoc/>
    /// <remarks>Of a kind that there is not, all keys: that kind alone is reported.</remarks>
    public override Section Of(Mapping written)
    {
        string named = (written[Kind.Name] as Scalar)?.Text ?? rows[0].Kind;
        return rows.FirstOrDefault(row => row.Kind == named) is { } row ? new Section([kind, .. row.Keys.Keys]) : this;
    }

    /// <inheritdoc/>
    public override (string What, string Fix)? Elsewhere(string key, Mapping written)
    {
        string[] kinds = [.. rows.Where(row => row.Keys.Keys.Any(other => other.Name == key)).Select(row => row.Kind)];
        string asked = (written[Kind.Name] as Scalar)?.Text ?? rows[0].Kind;
        return kinds.Length == 0 || rows.All(row => row.Kind != asked) ? null
            : ($"is a key of {string.Join(" and ", kinds)}, but the task is {asked}", $"Leave it out, or write kind: {kinds[0]}.");
    }

    /// <inheritdoc/>
    public override TSpec Make<TSpec>(TSpec blank, Values values) =>
        (TSpec)(object)rows.First(row => row.Kind == values.Get(Kind)).Make(values);

    /// <inheritdoc/>
    public override JsonObject Write<TSpec>(TSpec spec, bool isIdentity)
    {
        var task = (ITask)(object)spec!;
        var written = rows.First(row => row.Kind == task.Name).Write(task, isIdentity);
        written.Insert(0, Kind.StoredName, task.Name);
        return written;
    }

    /// <inheritdoc/>
    /// <remarks>Where two tasks have a key of the same name, its value may be what either allows.</remarks>
    public override JsonObject Schema()
    {
        var properties = Keys.GroupBy(key => key.Name).Select(same => KeyValuePair.Create(
            same.Key, (JsonNode?)(same.Skip(1).Any() ? new JsonObject { ["anyOf"] = new JsonArray([.. same.Select(key => key.Schema())]) }
                : same.First().Schema())));
        return new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties),
            ["required"] = new JsonArray(),
            ["additionalProperties"] = false,
        };
    }
}

/// <summary>The name of a task.</summary>
internal sealed class TaskName(ImmutableArray<TaskRow> rows) : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => Named.Expected;

    private Choice<string> Named => new("task", [.. rows.Select(row => KeyValuePair.Create(row.Kind, row.Kind))]);

    /// <inheritdoc/>
    public override JsonObject Schema() => Named.Schema();

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value) =>
        Named.TryRead(node, path, report, out value);
}

/// <summary>The examples of a task, in the place of a corpus.</summary>
/// <param name="Own">The examples.</param>
internal sealed record TaskSource(ITaskData Own) : ISource
{
    /// <inheritdoc/>
    public string Name => Own.Name;

    /// <inheritdoc/>
    public ImmutableArray<ITokenizer> Tokenizers => [Own.Tokenizer];

    /// <inheritdoc/>
    public Dataset Open(DataLibrary library, ITokenizer tokenizer, int length)
    {
        return new Dataset($"{Own.Name}-{Own.Tokenizer.Name}", Own.Tokenizer, Part(Split.Train), Part(Split.Validation), Part(Split.Test));

        Data.Tokens.ExampleTokens Part(Split part)
        {
            var examples = Own.Examples(library, part, length);
            return examples.Length == length ? new(examples) : throw new SuiteException(
                $"the examples of {Name} have {examples.Length} tokens, but data.length is {length}",
                $"Use a length of {examples.Length}.");
        }
    }

    /// <inheritdoc/>
    public double? ExactNats(ReadOnlySpan<int> chunk) => null;
}
