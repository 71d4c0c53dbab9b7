using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Methods;
using Bench.Pretrained.Scorers;
using Bench.Results.Runs;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>The spelling of a run in <c>definition.json</c>: the keys of a definition file, with every default filled in.</summary>
internal static class DefinitionJson
{
    public static JsonObject Of(RunSpec spec, string dataHash)
    {
        var definition = new JsonObject
        {
            ["experiment"] = spec.Experiment,
            ["question"] = spec.Question,
            ["method"] = spec.Method.Name,
            ["title"] = spec.Method.Title,
            ["paper"] = spec.Method.Paper,
            ["seed"] = spec.Seed,
            ["data"] = new JsonObject
            {
                ["corpus"] = spec.Data.Corpus,
                ["tokenizer"] = spec.Data.Tokenizer.Name,
                ["length"] = spec.Data.Length,
                ["hash"] = dataHash,
            },
            ["evaluation"] = Evaluation(spec.Evaluation),
            ["sampling"] = Sampling(spec.Sampling),
        };
        // Results depend on the row as it is now, not only on its name.
        if (spec.Method is NetworkMethod method)
            definition["row"] = new JsonObject(method.Nouns(spec.Data.Tokenizer.Vocabulary, spec.Data.Length).Select(entry => KeyValuePair.Create(entry.Noun, (JsonNode?)JsonValue.Create(entry.Is))));
        if (!spec.Varied.IsEmpty)
            definition["varied"] = new JsonObject(spec.Varied.Select(varied => KeyValuePair.Create(varied.Key, JsonNode.Parse(varied.Value))));
        if (spec.Method is NetworkMethod { Composition: { } nouns })
            definition["nouns"] = JsonNode.Parse(nouns);
        if (spec.Model is { } model)
            definition["model"] = Model(model);
        if (spec.Training is { } plan)
            definition["training"] = Training(plan, spec.Budget);
        if (spec.Judge is { } judge)
            definition["judge"] = RunId.Of(judge.Definition(dataHash), dataHash);
        return definition;
    }

    private static JsonObject Evaluation(EvaluationSpec evaluation)
    {
        var section = new JsonObject
        {
            ["sequences"] = evaluation.Sequences,
            ["draws"] = evaluation.Draws,
            ["splits"] = new JsonArray([.. evaluation.Splits.Select(part => JsonValue.Create(SplitNames.Of(part)))]),
        };
        if (evaluation.ZeroShot.IsEmpty)
            return section;
        section["zero-shot"] = new JsonArray([.. evaluation.ZeroShot.Select(text => JsonValue.Create(text.Identity))]);
        section["zero-shot-sequences"] = evaluation.ZeroShotSequences;
        return section;
    }

    // A time stands where the steps would be; what they come to is the machine's, not the definition's.
    private static JsonObject Training(TrainingPlan plan, TimeBudget? budget)
    {
        var section = Training(plan);
        if (budget is null)
            return section;
        section.Remove("steps");
        section.Insert(0, "minutes", budget.Minutes);
        section.Remove("warmup-steps");
        if (budget.WarmupSteps is { } warmup)
            section["warmup-steps"] = warmup;
        return section;
    }

    private static JsonObject Training(TrainingPlan plan) => new()
    {
        ["steps"] = plan.Steps,
        ["batch-size"] = plan.BatchSize,
        ["learning-rate"] = plan.LearningRate,
        ["warmup-steps"] = plan.WarmupSteps,
        ["final-rate"] = plan.FinalRate,
        ["weight-decay"] = plan.WeightDecay,
        ["beta2"] = plan.Beta2,
        ["clip-norm"] = plan.ClipNorm,
        ["ema-decay"] = plan.EmaDecay,
        ["precision"] = PrecisionNames.Of(plan.Precision),
        ["log-every"] = plan.LogEvery,
        ["validate-every"] = plan.ValidateEvery,
        ["checkpoint-every"] = plan.CheckpointEvery,
    };

    private static JsonObject Model(ModelSpec model)
    {
        var section = new JsonObject { ["blocks"] = model.Blocks, ["width"] = model.Width, ["heads"] = model.Heads, ["dropout"] = model.Dropout };
        if (model.ConditionWidth is { } width)
            section["condition-width"] = width;
        return section;
    }

    private static JsonObject Sampling(SamplingSpec sampling)
    {
        var section = new JsonObject { ["count"] = sampling.Count };
        if (sampling.Steps is { } steps)
            section["steps"] = steps;
        Add("temperatures", sampling.Temperatures);
        Add("step-counts", sampling.StepCounts);
        Add("samplers", sampling.Samplers);
        Add("judges", [.. sampling.Judges.Select(PretrainedScorers.Identity)]);
        Add("batches", sampling.Batches);
        return section;

        void Add<T>(string key, ImmutableArray<T> values)
        {
            if (!values.IsEmpty)
                section[key] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        }
    }
}
