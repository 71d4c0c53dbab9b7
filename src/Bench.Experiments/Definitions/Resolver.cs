using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;

namespace Bench.Experiments.Definitions;

/// <summary>Turns the values of a definition into its runs, and reports errors that involve several keys.</summary>
/// <param name="experiment">The values.</param>
/// <param name="report">Takes problems.</param>
/// <param name="tasks">The tasks that it may name.</param>
internal sealed class Resolver(Values experiment, Diagnostics report, TaskTable tasks)
{
    private const int ScoredSequences = 256;

    private readonly Dictionary<string, object?> parts = new(StringComparer.Ordinal); // by the name of their section
    private ImmutableArray<IMethod>? methods;

    internal TaskTable Tasks => tasks;

    /// <summary>The methods that could be read.</summary>
    public ImmutableArray<IMethod> Methods => methods ??= ReadMethods();

    /// <summary>Every method with every seed; of use only where the report stayed empty.</summary>
    public ImmutableArray<RunSpec> Resolve()
    {
        if (experiment.Get(ExperimentKeys.Name, "") == RunSpec.ScorerExperiment)
        {
            report.Add(
                experiment.At(ExperimentKeys.Name),
                $"name is {RunSpec.ScorerExperiment}, which scoring networks are kept under",
                "Use another name.");
        }

        var import = Imported();
        var blank = new RunSpec
        {
            Experiment = experiment.Get(ExperimentKeys.Name, ""),
            Question = experiment.Get(ExperimentKeys.Question, ""),
            Method = null!, // each in turn
            Seed = 0,
            Tasks = tasks,
            Source = import?.Source,
            Assumed = import?.Assumed ?? [],
            Scorer = experiment.IsWritten(ExperimentKeys.Scorer) && Of(ExperimentKeys.Data) is { } data
                ? Section(ExperimentKeys.Scorer, values => Scorer(values, data))
                : null,
        };
        var run = tasks.Parts.Aggregate(blank, (made, part) => part.Resolve(made, this));
        TaskRules.Check(run.Task, experiment, this, report);
        GuidanceRules.Check(run, experiment, this, report);
        return report.Count > 0 ? [] :
        [
            .. from method in Methods
               from seed in experiment.Get(ExperimentKeys.Seeds)
               select Specialisation.Of(TaskKinds.OnOwnData(run) with { Method = method, Seed = seed }),
        ];
    }

    /// <summary>The part of a run that a section is; null where it is left out or refused. Rules may ask for parts in any order.</summary>
    public TSpec? Of<TSpec>(RunSection<TSpec> section)
        where TSpec : class
    {
        if (!parts.TryGetValue(section.Name, out object? part))
            parts[section.Name] = part = Section(section, values => section.Rules(this, values));
        return (TSpec?)part;
    }

    // A checkpoint stands for what it says: tokens, method, network. It is not trained.
    private Import? Imported()
    {
        if (!experiment.IsWritten(ExperimentKeys.Source))
            return null;
        var data = Of(ExperimentKeys.Data);
        var import = Section(ExperimentKeys.Source, values => new ImportReader(report).Read(values, data, experiment));
        parts[ExperimentKeys.Data.Name] = import?.Data ?? data;
        parts[ExperimentKeys.Model.Name] = import?.Model;
        parts[ExperimentKeys.Training.Name] = null;
        methods = import is null ? [] : [import.Method];
        return import;
    }

    private ImmutableArray<IMethod> ReadMethods()
    {
        var (data, sampling) = (Of(ExperimentKeys.Data), Of(ExperimentKeys.Sampling));
        bool one = experiment.IsWritten(ExperimentKeys.Method), many = experiment.IsWritten(ExperimentKeys.Methods);
        if (one && many)
        {
            report.Add(
                experiment.At(ExperimentKeys.Method), "method and methods are both there", "Keep one of the two: 'methods' lists several.");
        }
        else if (!one && !many)
            report.Add(experiment.At(ExperimentKeys.Methods), "methods is missing", $"Add 'methods': {ExperimentKeys.Methods.Doc}");
        ImmutableArray<MethodEntry> entries = one && experiment.Has(ExperimentKeys.Method)
            ? [experiment.Get(ExperimentKeys.Method)]
            : experiment.Get(ExperimentKeys.Methods, []);
        var reader = new MethodReader(report);
        var found = ImmutableArray.CreateBuilder<IMethod>(entries.Length);
        foreach (var entry in entries)
        {
            if (reader.Read(entry, one ? "method" : "methods", data?.Tokenizer.Vocabulary, data?.Length, sampling?.Steps) is not { } method)
                continue;
            // a repeated name was reported
            if (found.Any(other => other.Name == method.Name) && entries.Count(other => other.Row == method) < 2)
                report.Add(entry.Written, $"two methods are called {method.Name}", "Give each a name of its own.");
            if (found.FirstOrDefault(other => other.Title == method.Title && other.Name != method.Name) is { } twin)
            {
                report.Add(
                    (entry.Written as Mapping)?[MethodKeys.Title.Name] ?? entry.Written,
                    $"{twin.Name} and {method.Name} have the same title, {method.Title}",
                    "Give each a title of its own: tables and figures go by it.");
            }

            found.Add(method);
        }

        return found.ToImmutable();
    }

    // A run like any other, of an experiment of its own, so that all experiments on the same text share it.
    private RunSpec? Scorer(Values values, DataSpec data)
    {
        var method = MethodTable.Find("ar")!;
        var model = values.Has(ScorerKeys.Model) ? Model(values.Get(ScorerKeys.Model)) : null;
        var training = values.Has(ScorerKeys.Training) ? Training(values.Get(ScorerKeys.Training), [method]) : null;
        return model is null || training is null ? null : Specialisation.Of(new RunSpec
        {
            Experiment = RunSpec.ScorerExperiment,
            Question = "How likely does an autoregressive network that is no row of the table find what others generate?",
            Method = method,
            Seed = 1,
            Data = data,
            Model = model,
            Training = training.Plan,
            Budget = training.Budget,
            // whatever the experiment measures, so that others can share it
            Evaluation = new EvaluationSpec(ScoredSequences, Draws: 1, [Split.Validation, Split.Test]),
            Sampling = new SamplingSpec(Count: 0, Steps: null),
        });
    }

    private T? Section<T>(Key<Values> key, Func<Values, T?> make)
        where T : class =>
        experiment.Has(key) ? make(experiment.Get(key)) : null;

    internal DataSpec? Data(Values values)
    {
        var source = Of(ExperimentKeys.Task)?.Data is { } own ? new TaskSource(own) : values.Get(DataKeys.Corpus, null!);
        if (source is not null && values.Has(DataKeys.Tokenizer))
        {
            string name = values.Get(DataKeys.Tokenizer);
            if (source.TokenizerOf(name) is null)
            {
                bool isText = source is TextSource;
                string[] known = isText ? [.. TextTokenizers.Names] : [.. source.Tokenizers.Select(tokenizer => tokenizer.Name)];
                if (isText && TextTokenizers.Refusal(name) is { } reason)
                    report.Add(values.At(DataKeys.Tokenizer), $"data.tokenizer is {name}, but {reason}", "Use for example gpt2-1024.");
                else
                {
                    report.Add(
                        values.At(DataKeys.Tokenizer),
                        $"unknown tokenizer '{name}' for the corpus {source.Name} in data.tokenizer",
                        Spelling.Advice(name, known, "tokenizers"));
                }

                return null;
            }
        }

        return values.IsComplete ? DataKeys.Section.Make(DataKeys.Blank, values) : null;
    }

    internal ModelSpec? Model(Values values)
    {
        if (values.Has(ModelKeys.Width) && values.Has(ModelKeys.Heads))
        {
            int width = values.Get(ModelKeys.Width), unit = 2 * values.Get(ModelKeys.Heads);
            if (width % unit != 0)
            {
                report.Add(
                    values.At(ModelKeys.Width),
                    $"model.width is {width}, but it is a multiple of {unit}, twice the heads: rotary positions pair the dimensions "
                        + "of a head",
                    $"Use {Math.Max(1, (int)Math.Round((double)width / unit)) * unit}, or other heads.");
            }
        }

        // A shifted view reads a position more than a sequence has tokens.
        if (values.Has(ModelKeys.LearnedPositions) && values.Get(ModelKeys.LearnedPositions) is var learned
            && Of(ExperimentKeys.Data)?.Length is { } length && learned <= length)
        {
            report.Add(
                values.At(ModelKeys.LearnedPositions),
                $"model.learned-positions is {learned}, and sequences have {length} tokens and a place in front of them",
                $"Use at least {length + 1}, or leave it out for rotary positions.");
        }

        if (values.Has(ModelKeys.LearnedPositions) && values.Has(ModelKeys.RotaryBase))
        {
            report.Add(
                values.At(ModelKeys.RotaryBase),
                "model.rotary-base is the base of rotary positions, and learned positions are not rotary",
                "Leave out rotary-base or learned-positions.");
        }

        return values.IsComplete ? ModelKeys.Section.Make(ModelKeys.Blank, values) : null;
    }

    internal TrainingSpec? Training(Values values, ImmutableArray<IMethod> trainees) =>
        new TrainingReader(Of(ExperimentKeys.Data), report).Read(values, trainees);

    internal EvaluationSpec? Evaluation(Values values)
    {
        var data = Of(ExperimentKeys.Data);
        if (!values.IsComplete)
            return null;
        var texts = values.Get(EvaluationKeys.ZeroShot);
        if (!texts.IsEmpty && data is { Tokenizer: NumberedSymbols })
        {
            report.Add(
                values.At(EvaluationKeys.ZeroShot),
                $"evaluation.zero-shot names texts, but the tokens of {data.Corpus} are no text",
                "Leave zero-shot out.");
        }

        return EvaluationKeys.Section.Make(EvaluationKeys.Blank, values);
    }

    internal Diagnostics Report => report;

    internal SamplingSpec? Sampling(Values values)
    {
        var data = Of(ExperimentKeys.Data);
        if (values.Get(SamplingKeys.Temperatures, []).Contains(1))
        {
            report.Add(
                values.At(SamplingKeys.Temperatures),
                "sampling.temperatures names 1, at which everything is generated anyway",
                "Leave 1 out: the list holds temperatures beside it.");
        }

        if (!values.IsComplete || data is null)
            return null;
        var sampling = SamplingKeys.Section.Make(SamplingKeys.Blank, values);
        return sampling with { Steps = sampling.Steps ?? data.Length };
    }
}
