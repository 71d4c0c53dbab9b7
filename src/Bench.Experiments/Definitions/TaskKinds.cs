using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;
using Bench.Tasks;

namespace Bench.Experiments.Definitions;

/// <summary>The tasks by name, with the keys of each. A new task is one more row.</summary>
internal static class TaskKinds
{
    /// <summary>Those that come with the program; the first is that of a definition that names none.</summary>
    public static readonly ImmutableArray<TaskRow> Rows =
    [
        new TaskRow<TextGeneration>("whole texts", new TextGeneration(), new()),
        new TaskRow<Infilling>(
            "texts of which a part is given: likelihoods are then per token of the rest, and what is generated completes texts of the "
                + "test split",
            new Infilling(GivenPart.Prefix, Share: 0.5),
            new Section(
                new Key<Infilling, GivenPart>(
                    "given",
                    new Choice<GivenPart>(
                        "part", [new("prefix", GivenPart.Prefix), new("middle", GivenPart.Middle), new("random", GivenPart.Random)]),
                    "The part that infilling gives: a beginning, two sides around a gap in the middle, or random positions.",
                    task => task.Part, (task, value) => task with { Part = value }, "\"prefix\""),
                new Key<Infilling, double>(
                    "share",
                    new Number<double>(
                        new(0, 1, OpenLeast: true, OpenMost: true), "it is the share of a text that is given", "Use 0.5."),
                    "The share of positions that infilling gives.",
                    task => task.Share, (task, value) => task with { Share = value }, "0.5"),
                new Key<Infilling, bool>(
                    "train-given",
                    new Flag(),
                    "Whether training gives the same part; else it is on whole texts, as for text generation.",
                    task => task.TrainsGiven, (task, value) => task with { TrainsGiven = value }, "false"))),
    ];

    private static readonly AsyncLocal<TaskRow?> Tried = new();

    /// <summary>All tasks, one that is tried included.</summary>
    public static ImmutableArray<TaskRow> All => Tried.Value is { } tried ? Rows.Add(tried) : Rows;

    /// <summary>Has a task beside the others, for the calling flow of control alone, until the result is disposed of.</summary>
    public static IDisposable Trying(TaskRow row)
    {
        Tried.Value = row;
        return new Trial();
    }

    /// <summary>
    /// A definition of a task with examples of its own, which names no corpus: they stand in its place. Others as they are.
    /// </summary>
    public static Mapping Completed(Mapping definition)
    {
        string data = ExperimentKeys.Data.Name, corpus = DataKeys.Corpus.Name;
        // What is measured as published names its texts. One that cannot be read is reported there: another stands in for it here.
        if (definition[ExperimentKeys.Published.Name] is Mapping published
            && published[PublishedKeys.Texts.Name] is Sequence { Items: [Scalar text, ..] }
            && (definition[data] ?? definition with { Entries = [] }) is Mapping written && written[corpus] is null)
        {
            string name = MeasuredText.IsNamed(text.Text) ? text.Text : CorpusCatalog.Sotu.Name;
            return definition.With(text with { Text = data }, written.With(text with { Text = corpus }, text with { Text = name }));
        }

        if ((definition[ExperimentKeys.Task.Name] as Mapping)?[TaskSection.Kind.Name] is not Scalar kind
            || All.FirstOrDefault(row => row.Kind == kind.Text)?.Blank.Data is not { } own
            || (definition[data] ?? definition with { Entries = [] }) is not Mapping section || section[corpus] is not null)
            return definition;
        return definition.With(kind with { Text = data }, section.With(kind with { Text = corpus }, kind with { Text = own.Name }));
    }

    /// <summary>The examples of a task by the name that stands for a corpus; null where no task has such.</summary>
    public static ISource? SourceOf(string name) =>
        All.Select(row => row.Blank.Data).FirstOrDefault(own => own?.Name == name) is { } own ? new TaskSource(own) : null;

    /// <summary>A run on the examples of its task, where that has any, as its keys have it.</summary>
    public static RunSpec OnOwnData(RunSpec run) =>
        run.Task?.Data is { } own ? run with { Data = run.Data with { Source = new TaskSource(own), Tokenizer = own.Tokenizer } } : run;

    private sealed class Trial : IDisposable
    {
        public void Dispose() => Tried.Value = null;
    }
}

/// <summary>What does not go with a task: methods that cannot do it, texts where it has examples of its own.</summary>
internal static class TaskRules
{
    /// <summary>The task of a section; null for text generation.</summary>
    public static ITask? Of(Values values) =>
        values.IsComplete && TaskSection.Instance.Make(ExperimentKeys.Task.Blank, values) is var task and not TextGeneration ? task : null;

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

        if (task?.Data is null && data.Source is TaskSource)
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

/// <summary>A task: its name, the task with defaults, and its keys.</summary>
/// <param name="Doc">What its examples are, as part of a sentence.</param>
/// <param name="Blank">The task before its keys are read.</param>
/// <param name="Keys">The keys under <c>task</c> beside <c>kind</c> that it has.</param>
internal abstract record TaskRow(string Doc, ITask Blank, Section Keys)
{
    /// <summary>The name that definitions have for it.</summary>
    public string Kind => Blank.Name;

    /// <summary>The task with the values that were read.</summary>
    public abstract ITask Make(Values values);

    /// <summary>The keys of a task of this row in JSON.</summary>
    public abstract JsonObject Write(ITask task, bool isIdentity);
}

/// <summary>A task of a type, whose properties its keys fill.</summary>
/// <inheritdoc cref="TaskRow"/>
internal sealed record TaskRow<TTask>(string Doc, TTask Task, Section Keys) : TaskRow(Doc, Task, Keys)
    where TTask : ITask
{
    /// <inheritdoc/>
    public override ITask Make(Values values) => Keys.Make(Task, values);

    /// <inheritdoc/>
    public override JsonObject Write(ITask task, bool isIdentity) => Keys.Write((TTask)task, isIdentity);
}

/// <summary>The section <c>task</c>: a kind, and the keys of that kind alone.</summary>
internal sealed class TaskSection : Section
{
    /// <summary>The key that names the task.</summary>
    public static readonly Key<string> Kind = new(
        "kind",
        new TaskName(),
        $"{string.Join("; ", TaskKinds.Rows.Select(row => $"{row.Kind}: {row.Doc}"))}.",
        $"\"{TaskKinds.Rows[0].Kind}\"");

    /// <summary>The one section.</summary>
    public static TaskSection Instance { get; } = new();

    /// <inheritdoc/>
    public override ImmutableArray<Key> Keys => [Kind, .. TaskKinds.All.SelectMany(row => row.Keys.Keys)];

    /// <inheritdoc/>
    /// <remarks>Of a kind that there is not, all keys: that kind alone is reported.</remarks>
    public override Section Of(Mapping written)
    {
        string kind = (written[Kind.Name] as Scalar)?.Text ?? TaskKinds.Rows[0].Kind;
        return TaskKinds.All.FirstOrDefault(row => row.Kind == kind) is { } row ? new Section([Kind, .. row.Keys.Keys]) : this;
    }

    /// <inheritdoc/>
    public override (string What, string Fix)? Elsewhere(string key, Mapping written)
    {
        string[] kinds = [.. TaskKinds.All.Where(row => row.Keys.Keys.Any(other => other.Name == key)).Select(row => row.Kind)];
        string asked = (written[Kind.Name] as Scalar)?.Text ?? TaskKinds.Rows[0].Kind;
        return kinds.Length == 0 || TaskKinds.All.All(row => row.Kind != asked) ? null
            : ($"is a key of {string.Join(" and ", kinds)}, but the task is {asked}", $"Leave it out, or write kind: {kinds[0]}.");
    }

    /// <inheritdoc/>
    public override TSpec Make<TSpec>(TSpec blank, Values values) =>
        (TSpec)(object)TaskKinds.All.First(row => row.Kind == values.Get(Kind)).Make(values);

    /// <inheritdoc/>
    public override JsonObject Write<TSpec>(TSpec spec, bool isIdentity)
    {
        var task = (ITask)(object)spec!;
        var written = TaskKinds.All.First(row => row.Kind == task.Name).Write(task, isIdentity);
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
internal sealed class TaskName : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => Named.Expected;

    private static Choice<string> Named => new("task", [.. TaskKinds.All.Select(row => KeyValuePair.Create(row.Kind, row.Kind))]);

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
