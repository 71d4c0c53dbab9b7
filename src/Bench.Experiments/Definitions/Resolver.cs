using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>Turns the values of a definition into its runs, and reports errors that involve several keys.</summary>
/// <param name="report">Takes problems.</param>
internal sealed class Resolver(Diagnostics report)
{
    private const int ScoredSequences = 256;

    /// <summary>Every method with every seed; of use only where the report stayed empty.</summary>
    public ImmutableArray<RunSpec> Resolve(Values experiment)
    {
        if (experiment.Get(ExperimentKeys.Name, "") == RunSpec.ScorerExperiment)
        {
            report.Add(
                experiment.At(ExperimentKeys.Name),
                $"name is {RunSpec.ScorerExperiment}, which scoring networks are kept under",
                "Use another name.");
        }

        var data = Section(experiment, ExperimentKeys.Data, Data);
        bool imports = experiment.IsWritten(ExperimentKeys.Source);
        var import = imports
            ? Section(experiment, ExperimentKeys.Source, values => new ImportReader(report).Read(values, data, experiment))
            : null;
        data = import?.Data ?? data;
        var model = imports ? import?.Model : Section(experiment, ExperimentKeys.Model, Model);
        var evaluation = Section(experiment, ExperimentKeys.Evaluation, values => Evaluation(values, data));
        var sampling = Section(experiment, ExperimentKeys.Sampling, values => Sampling(values, data));
        ImmutableArray<IMethod> methods = import is not null ? [import.Method] : imports ? [] : Methods(experiment, data, sampling);
        var task = Section(experiment, ExperimentKeys.Task, values => Task(values, experiment, methods));
        var training = imports ? null : Section(experiment, ExperimentKeys.Training, values => Training(values, methods, data));
        var scorer = experiment.IsWritten(ExperimentKeys.Scorer) && data is not null
            ? Section(experiment, ExperimentKeys.Scorer, values => Scorer(values, data))
            : null;
        if (report.Count > 0 || data is null || evaluation is null || sampling is null)
            return []; // the last three are implied by the first
        return
        [
            .. from method in methods
               from seed in experiment.Get(ExperimentKeys.Seeds)
               select Specialisation.Of(new RunSpec
               {
                   Experiment = experiment.Get(ExperimentKeys.Name),
                   Question = experiment.Get(ExperimentKeys.Question),
                   Method = method,
                   Seed = seed,
                   Data = data,
                   Model = model,
                   Training = training?.Plan,
                   Budget = training?.Budget,
                   Source = import?.Source,
                   Assumed = import?.Assumed ?? [],
                   Task = task,
                   Evaluation = evaluation,
                   Sampling = sampling,
                   Scorer = scorer,
               }),
        ];
    }

    private ImmutableArray<IMethod> Methods(Values experiment, DataSpec? data, SamplingSpec? sampling)
    {
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
        var methods = ImmutableArray.CreateBuilder<IMethod>(entries.Length);
        foreach (var entry in entries)
        {
            if (reader.Read(entry, one ? "method" : "methods", data?.Tokenizer.Vocabulary, data?.Length, sampling?.Steps) is not { } method)
                continue;
            // a repeated name was reported
            if (methods.Any(other => other.Name == method.Name) && entries.Count(other => other.Row == method) < 2)
                report.Add(entry.Written, $"two methods are called {method.Name}", "Give each a name of its own.");
            if (methods.FirstOrDefault(other => other.Title == method.Title && other.Name != method.Name) is { } twin)
            {
                report.Add(
                    (entry.Written as Mapping)?[MethodKeys.Title.Name] ?? entry.Written,
                    $"{twin.Name} and {method.Name} have the same title, {method.Title}",
                    "Give each a title of its own: tables and figures go by it.");
            }

            methods.Add(method);
        }

        return methods.ToImmutable();
    }

    // Null for text generation.
    private TaskSpec? Task(Values values, Values experiment, ImmutableArray<IMethod> methods)
    {
        if (!values.IsComplete)
            return null;
        var spec = TaskKeys.Section.Make(TaskKeys.Blank, values);
        if (spec.Kind == TaskKeys.TextGeneration)
            return null;
        var place = experiment.At(experiment.IsWritten(ExperimentKeys.Method) ? ExperimentKeys.Method : ExperimentKeys.Methods);
        foreach (var method in methods)
        {
            if (spec.Task.Refuses(method) is { } reason)
            {
                report.Add(
                    place,
                    $"{method.Name} cannot do the task {spec.Kind}: {reason}",
                    $"Leave {method.Name} out, or give it a definition of its own.");
            }
        }

        return spec;
    }

    // A run like any other, of an experiment of its own, so that all experiments on the same text share it.
    private RunSpec? Scorer(Values values, DataSpec data)
    {
        var method = MethodTable.Find("ar")!;
        var model = Section(values, ScorerKeys.Model, Model);
        var training = Section(values, ScorerKeys.Training, plan => Training(plan, [method], data));
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

    private static T? Section<T>(Values experiment, Key<Values> key, Func<Values, T?> make)
        where T : class =>
        experiment.Has(key) ? make(experiment.Get(key)) : null;

    private DataSpec? Data(Values values)
    {
        if (values.Has(DataKeys.Corpus) && values.Has(DataKeys.Tokenizer))
        {
            var source = values.Get(DataKeys.Corpus);
            string name = values.Get(DataKeys.Tokenizer);
            string[] known = [.. source.Tokenizers.Select(tokenizer => tokenizer.Name)];
            if (!known.Contains(name))
            {
                report.Add(
                    values.At(DataKeys.Tokenizer),
                    $"unknown tokenizer '{name}' for the corpus {source.Name} in data.tokenizer",
                    Spelling.Advice(name, known, "tokenizers"));
                return null;
            }
        }

        return values.IsComplete ? DataKeys.Section.Make(DataKeys.Blank, values) : null;
    }

    private ModelSpec? Model(Values values)
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

        return values.IsComplete ? ModelKeys.Section.Make(ModelKeys.Blank, values) : null;
    }

    private TrainingSpec? Training(Values values, ImmutableArray<IMethod> methods, DataSpec? data)
    {
        Key[] written = [.. new Key[] { TrainingKeys.Steps, TrainingKeys.Tokens, TrainingKeys.Minutes }.Where(values.IsWritten)];
        if (written.Length > 1)
        {
            report.Add(
                values.At(written[1]),
                $"training has {string.Join(" and ", written.Select(key => key.Name))}, but one budget is enough",
                $"Keep one of them, such as {written[0].Name}.");
        }

        if (written.Length != 1 || !values.Has(written[0]))
        {
            string[] trained = [.. methods.Where(Specialisation.IsTrained).Select(method => method.Name)];
            // A value that was refused has been reported where it stands.
            if (trained.Length > 0 && written.Length == 0)
            {
                report.Add(
                    values.At(TrainingKeys.Steps),
                    $"training.steps is missing, and {string.Join(", ", trained)} cannot be trained without it",
                    "Add 'steps' under 'training', such as 1000: how many updates a run makes; or 'tokens', or 'minutes'.");
            }

            return null;
        }

        if (Steps(values, data) is not { } steps)
            return null;
        var training = TrainingKeys.Section.Make(TrainingKeys.Blank, values);
        if (training.Budget is null)
        {
            training = training with
            {
                Plan = training.Plan with
                {
                    Steps = steps,
                    WarmupSteps = values.Get(TrainingKeys.WarmupSteps, TimeBudget.UsualWarmup(steps)),
                },
            };
        }

        long warmup = training.Plan.WarmupSteps;
        if (warmup > steps)
        {
            report.Add(
                values.At(TrainingKeys.WarmupSteps),
                $"training.warmup-steps is {warmup}, more than the {steps} steps of the training",
                $"Use {steps / 10}, a tenth of the steps.");
        }

        return values.IsComplete ? training : null;
    }

    // 0 where it is not known yet; null where it cannot be computed.
    private long? Steps(Values values, DataSpec? data)
    {
        if (values.Has(TrainingKeys.Steps))
            return values.Get(TrainingKeys.Steps);
        if (values.Has(TrainingKeys.Minutes))
            return 0;
        if (data is null || !values.Has(TrainingKeys.BatchSize))
            return null;
        long tokens = values.Get(TrainingKeys.Tokens), update = (long)values.Get(TrainingKeys.BatchSize) * data.Length;
        double steps = Math.Ceiling((double)tokens / update);
        if (steps <= TrainingKeys.MostSteps)
            return ((tokens - 1) / update) + 1;
        report.Add(
            values.At(TrainingKeys.Tokens),
            $"training.tokens is {tokens}, which takes {steps:0} steps of {update} tokens, but {TrainingKeys.MostSteps:0} are the most",
            "Use fewer, or larger batches.");
        return null;
    }

    private EvaluationSpec? Evaluation(Values values, DataSpec? data)
    {
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

    private SamplingSpec? Sampling(Values values, DataSpec? data)
    {
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
