using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Bench.Experiments.Keys;
using Bench.Experiments.Sources;
using Bench.Methods;

namespace Bench.Experiments.Format;

/// <summary>The keys of a definition: what the reader accepts, what experiments/README.md explains and what the JSON schema says.</summary>
internal static partial class ExperimentKeys
{
    // Beyond 2^53 a JSON number loses digits, and the seed is part of the run's name.
    private const long MostSeed = (1L << 53) - 1;

    public static readonly Key<string> Name = new(
        "name",
        new Words("a short name of lower-case letters, digits and hyphens", Slug()),
        "Names the experiment and its folder under results/runs.", IsRequired: true);

    public static readonly Key<string> Question = new("question", new Words("a text"), "What the experiment asks; shown above its results.", "\"\"");

    public static readonly Key<ImmutableArray<string>> Cites = new(
        "cites",
        new ListOf<string>(new Words("a key of baselines/published/references.bib", BibliographyKey()), least: 0),
        "The papers that it rests on.", "[]");

    public static readonly Key<Values> Data = new("data", DataKeys.Section, "The text.", IsRequired: true);

    public static readonly Key<ImmutableArray<IMethod>> Methods = new(
        "methods",
        new ListOf<IMethod>(new Choice<IMethod>("method", [.. MethodTable.All.Select(method => KeyValuePair.Create(method.Name, method))]), least: 1),
        "The rows of the table; each runs once a seed.",
        IsRequired: true);

    public static readonly Key<Values> Model = new("model", ModelKeys.Section, "The backbone, the same for all networks.");

    public static readonly Key<Values> Training = new("training", TrainingKeys.Section, "How networks are trained.");

    public static readonly Key<Values> Evaluation = new("evaluation", EvaluationKeys.Section, "How likelihoods are measured.");

    public static readonly Key<Values> Sampling = new("sampling", SamplingKeys.Section, "What is generated.");

    public static readonly Key<Values> Judge = new(
        "judge", JudgeKeys.Section, "An autoregressive network that is trained once on the same text, is no row of the table, and judges what is generated; left out for none.");

    public static readonly Key<ImmutableArray<ulong>> Seeds = new(
        "seeds",
        new ListOf<ulong>(new Number<ulong>(new(0, MostSeed), "it is kept in JSON without loss", "Use a small number such as 1."), least: 1),
        "What random numbers derive from; several give an error bar over trainings.",
        "[1]");

    public static Section Section { get; } = new(Name, Question, Cites, Data, Methods, Model, Training, Evaluation, Sampling, Judge, Seeds);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Slug();

    [GeneratedRegex(@"\A[A-Za-z0-9:_.+-]{1,64}\z")]
    private static partial Regex BibliographyKey();
}
