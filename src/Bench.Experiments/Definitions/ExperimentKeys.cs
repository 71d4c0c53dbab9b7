using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Results;
using Bench.Tasks;
using Bench.Tasks.TextGeneration;

namespace Bench.Experiments.Definitions;

/// <summary>The keys of a definition: what the reader accepts, what experiments/README.md explains and what the JSON schema says.</summary>
internal static class ExperimentKeys
{
    // Beyond 2^53 a JSON number loses digits, and the seed is part of the run's name.
    private const long MostSeed = (1L << 53) - 1;

    public static readonly Key<string> Name = new(
        "name",
        new Words("a short name of lower-case letters, digits and hyphens", Words.Slug()),
        "Names the experiment and its folder under results/runs.", IsRequired: true);

    public static readonly Key<string> Question = new(
        "question", new Line(mayBeEmpty: true), "What the experiment asks; shown above its results.", "\"\"");

    public static readonly Key<ImmutableArray<string>> Cites = new(
        "cites",
        new ListOf<string>(new CitationKind(), least: 0),
        "The papers that it builds on.", "[]");

    public static readonly Key<string> Profile = new(
        "profile",
        new Words("the path of a YAML file, seen from the folder of this one"),
        "A partial definition that this one is written over: sections go key by key, lists and values replace.");

    public static readonly Key<Sweep> Sweep = new("sweep", new SweepKind(), "Values to try, by dotted key; every combination is run.");

    public static readonly RunSection<DataSpec> Data = DataOf(TaskTable.Program);

    public static readonly RunSection<ITask> Task = TaskOf(TaskTable.Program);

    public static readonly Key<MethodEntry> Method = new("method", new MethodKind(), "One method, instead of 'methods'.");

    public static readonly Key<ImmutableArray<MethodEntry>> Methods = new(
        "methods",
        new ListOf<MethodEntry>(new MethodKind(), least: 1),
        "Rows of the table, and methods of your own; each runs once a seed.");

    public static readonly Key<Values> Source = new(
        "source", SourceKeys.Section,
        "A published checkpoint in the place of 'methods', 'model' and 'training': it is imported, not trained (docs/checkpoints.md).");

    public static readonly RunSection<ModelSpec> Model = new(
        "model", ModelKeys.Section, "The backbone, the same for all networks.", ModelKeys.Blank,
        run => run.Model, (run, model) => run with { Model = model }, (resolver, values) => resolver.Model(values));

    public static readonly RunSection<TrainingSpec> Training = new(
        "training", TrainingKeys.Section, "How networks are trained.", TrainingKeys.Blank,
        run => run.Training is { } plan ? new(plan, run.Budget) : null,
        (run, training) => run with { Training = training.Plan, Budget = training.Budget },
        (resolver, values) => resolver.Training(values, resolver.Methods));

    public static readonly RunSection<EvaluationSpec> Evaluation = new(
        "evaluation", EvaluationKeys.Section, "How likelihoods are measured.", EvaluationKeys.Blank,
        run => run.Evaluation, (run, evaluation) => run with { Evaluation = evaluation },
        (resolver, values) => resolver.Evaluation(values));

    public static readonly RunSection<SamplingSpec> Sampling = new(
        "sampling", SamplingKeys.Section, "What is generated.", SamplingKeys.Blank,
        run => run.Sampling, (run, sampling) => run with { Sampling = sampling }, (resolver, values) => resolver.Sampling(values));

    public static readonly RunSection<PublishedSpec> Published = new(
        "published", PublishedKeys.Section, "Texts that are measured as a paper's program does, and by our bound beside it.",
        PublishedKeys.Blank, run => run.Published, (run, published) => run with { Published = published },
        (resolver, values) => PublishedKeys.Of(values, resolver.Report));

    public static readonly RunSection<ReportedSpec> Reported = new(
        "reported", ReportedKeys.Section, "The published numbers that those of 'published' are compared with.",
        ReportedKeys.Blank, run => run.Reported, (run, reported) => run with { Reported = reported },
        (resolver, values) => ReportedKeys.Of(values, resolver.Report));

    public static readonly Key<Values> Scorer = new(
        "scorer",
        ScorerKeys.Section,
        "An autoregressive network that is trained once on the same text, is no row of the table, and scores what is generated; "
            + "left out for none.")
    {
        StoredName = "judge", // stored name
    };

    public static readonly Key<ImmutableArray<ulong>> Seeds = new(
        "seeds",
        new ListOf<ulong>(
            new Number<ulong>(new(0, MostSeed), "it is kept in JSON without loss", "Use a small number such as 1."), least: 1),
        "What random numbers derive from; several give an error bar over trainings.",
        "[1]");

    /// <summary>All of them, with the tasks that come with the program.</summary>
    public static Section Section => TaskTable.Program.Keys;

    /// <summary>All of them, with the tasks of a table.</summary>
    public static Section SectionOf(TaskTable tasks) => new(
        Name, Question, Cites, Profile, DataOf(tasks), TaskOf(tasks), Source, Method, Methods, Model, Training, Evaluation, Published,
        Reported, Sampling, Scorer, Sweep, Seeds);

    /// <summary>The section <c>task</c> with the tasks of a table.</summary>
    public static RunSection<ITask> TaskOf(TaskTable tasks) => new(
        "task", tasks.Section, "What methods are trained and evaluated for; left out for text generation.", new TextGenerationTask(),
        run => run.Task, (run, task) => run with { Task = task }, (resolver, values) => TaskRules.Of(values, resolver.Tasks));

    // The examples of a task stand in the place of a corpus.
    private static RunSection<DataSpec> DataOf(TaskTable tasks) => new(
        "data", DataKeys.SectionOf(tasks.SourceOf), "The text.", DataKeys.Blank,
        run => run.Data, (run, data) => run with { Data = data }, (resolver, values) => resolver.Data(values), IsRequired: true);
}

/// <summary>A section of a definition that is a part of a run.</summary>
internal interface IRunSection
{
    /// <summary>Resolves it, and reports what is wrong with it.</summary>
    /// <param name="run">The run, which gets it.</param>
    /// <param name="resolver">Of the definition.</param>
    RunSpec Resolve(RunSpec run, Resolver resolver);

    /// <summary>Adds it to a resolved run in JSON.</summary>
    void Write(RunSpec run, JsonObject into, bool isIdentity);

    /// <summary>The run with the section of a resolved run in JSON.</summary>
    /// <exception cref="SuiteException">A value is none of its key.</exception>
    RunSpec Read(RunSpec run, JsonNode from);
}

/// <summary>A section and the part of a run that it is: one declaration for reading, resolved definitions and other processes.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Part">Its keys.</param>
/// <param name="Doc">What it is, in one sentence.</param>
/// <param name="Blank">The part without values.</param>
/// <param name="Get">The part of a run; null where it has none.</param>
/// <param name="Set">The run with another.</param>
/// <param name="Rules">Makes the part of the section's values, or reports why not; it may ask for other parts.</param>
/// <param name="IsRequired">A definition without it is refused.</param>
internal sealed record RunSection<TSpec>(
    string Name,
    Section Part,
    string Doc,
    TSpec Blank,
    Func<RunSpec, TSpec?> Get,
    Func<RunSpec, TSpec, RunSpec> Set,
    Func<Resolver, Values, TSpec?> Rules,
    bool IsRequired = false)
    : Key<Values>(Name, Part, Doc, Default: null, IsRequired), IRunSection
    where TSpec : class
{
    /// <inheritdoc/>
    public RunSpec Resolve(RunSpec run, Resolver resolver) => resolver.Of(this) is { } part ? Set(run, part) : run;

    /// <inheritdoc/>
    public void Write(RunSpec run, JsonObject into, bool isIdentity)
    {
        if (Get(run) is { } part)
            into[StoredName] = Part.Write(part, isIdentity);
    }

    /// <inheritdoc/>
    public RunSpec Read(RunSpec run, JsonNode from) => Read(from) is { } part ? Set(run, part) : run;

    /// <summary>The part of a resolved run in JSON; null where it has none. A key that is newer than the run has its default.</summary>
    /// <exception cref="SuiteException">A value is none of its key.</exception>
    public TSpec? Read(JsonNode from) => RunJson.Section(from, StoredName, Part, Blank);
}

/// <summary>
/// The keys of <c>baselines/published/references.bib</c>, which comes with the program: definitions cite its papers wherever
/// they lie.
/// </summary>
internal static partial class References
{
    /// <summary>In the order of the file.</summary>
    public static ImmutableArray<string> Keys { get; } = [.. Entry().Matches(Text()).Select(match => match.Groups["key"].Value)];

    private static string Text()
    {
        using var file = typeof(References).Assembly.GetManifestResourceStream("references.bib")!;
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^@\w+\{(?<key>[^,\s]+),", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Entry();
}

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
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (!Written.TryRead(node, path, report, out value))
            return false;
        if (!References.Keys.Contains(value))
            report.Add(node, $"{path} names '{value}', which {File} does not have", Advice(value));
        return true; // so that a repeated key is reported as well
    }

    private static string Advice(string key) => References.Keys.MinBy(known => Spelling.Edits(key, known)) is { } nearest
        ? $"The nearest key is '{nearest}'; a new paper needs an entry there first."
        : "A paper needs an entry there first.";

    [GeneratedRegex(@"\A[A-Za-z0-9:_.+-]{1,64}\z")]
    private static partial Regex BibliographyKey();
}

/// <summary>The keys under <c>scorer</c>.</summary>
internal static class ScorerKeys
{
    public static readonly Key<Values> Model = new("model", ModelKeys.Section, "Its backbone.");

    public static readonly Key<Values> Training = new("training", TrainingKeys.Section, "How it is trained.");

    public static Section Section { get; } = new(Model, Training);
}
