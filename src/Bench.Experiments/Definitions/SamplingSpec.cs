using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Components;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Pretrained.Scorers;
using Bench.Results;
using Bench.Training;

namespace Bench.Experiments.Definitions;

/// <summary>What is generated.</summary>
/// <param name="Count">Sequences; 0 for none.</param>
/// <param name="Steps">Steps along the hyperschedule; null for a model that has none.</param>
public sealed record SamplingSpec(int Count, int? Steps)
{
    /// <summary>Temperatures beside 1.</summary>
    public ImmutableArray<double> Temperatures { get; init; } = [];

    /// <summary>Numbers of steps beside <see cref="Steps"/>; none for a method that leaves no choice.</summary>
    public ImmutableArray<int> StepCounts { get; init; } = [];

    /// <summary>Samplers beside the method's own, by their names in definitions; only those made for the method.</summary>
    public ImmutableArray<string> Samplers { get; init; } = [];

    /// <summary>Ways of guiding the method's own sampler; only those made for the method.</summary>
    public ImmutableArray<GuidanceSpec> Guidance { get; init; } = [];

    /// <summary>Pretrained models that score as well, by name or path.</summary>
    public ImmutableArray<string> Scorers { get; init; } = [];

    /// <summary>How many sequences at once speed is measured for.</summary>
    public ImmutableArray<int> Batches { get; init; } = [];

    /// <summary>The type of products where the network computes whole sequences.</summary>
    public Precision Precision { get; init; } = Precision.BFloat16;
}

/// <summary>The keys under <c>sampling</c>.</summary>
internal static class SamplingKeys
{
    public static readonly SamplingSpec Blank = new(0, Steps: null);

    private static readonly Number<int> StepCount = new(new(1, 1e6), "it counts steps from noise to text", "Use 64.");

    public static readonly Key<SamplingSpec, int> Steps = new(
        "steps", StepCount, "Steps from noise to text, where a method leaves the choice; by default one a token.",
        sampling => sampling.Steps, (sampling, value) => sampling with { Steps = value });

    public static readonly Key<SamplingSpec, ImmutableArray<double>> Temperatures = new(
        "temperatures",
        new ListOf<double>(
            new Number<double>(new(0, 10), "it is a temperature", "Use numbers such as 0.8; 0 takes the most probable token."), 0),
        "Temperatures beside 1 to generate at as well.",
        sampling => sampling.Temperatures, (sampling, value) => sampling with { Temperatures = value }, "[]");

    public static readonly Key<SamplingSpec, ImmutableArray<int>> StepCounts = new(
        "step-counts", new ListOf<int>(StepCount, least: 0), "Numbers of steps to generate in as well, where a method leaves the choice.",
        sampling => sampling.StepCounts, (sampling, value) => sampling with { StepCounts = value }, "[]");

    public static readonly Key<SamplingSpec, ImmutableArray<string>> Samplers = new(
        "samplers",
        new ListOf<string>(new SamplerKind(), least: 0),
        "Samplers beside a method's own to generate with as well; each with the methods that it is made for.",
        sampling => sampling.Samplers, (sampling, value) => sampling with { Samplers = value }, "[]");

    public static readonly Key<SamplingSpec, ImmutableArray<GuidanceSpec>> Guidance = new(
        "guidance",
        new ListOf<GuidanceSpec>(new GuidanceKind(), least: 0),
        "Ways of guiding the method's own sampler towards a reward to generate in as well; each with the methods that it is made for.",
        sampling => sampling.Guidance, (sampling, value) => sampling with { Guidance = value }, "[]");

    public static readonly Key<SamplingSpec, ImmutableArray<string>> Scorers = new(
        "scorers",
        new ListOf<string>(new OutsideScorerKind(), least: 0),
        "Pretrained models that score what is generated as well: stories15m, which is downloaded (112 MB), or a GPT-2's *.safetensors.",
        sampling => sampling.Scorers, (sampling, value) => sampling with { Scorers = value }, "[]")
    {
        StoredName = "judges", // stored name
    };

    public static readonly Key<SamplingSpec, ImmutableArray<int>> Batches = new(
        "batches",
        new ListOf<int>(new Number<int>(new(1, 65_536), "it counts texts", "Use 1 and 16."), least: 0),
        "How many texts at once to measure the speed of generation for.",
        sampling => sampling.Batches, (sampling, value) => sampling with { Batches = value }, "[]");

    public static readonly Key<SamplingSpec, Precision> Precision = new(
        "precision",
        new Choice<Precision>("precision", PrecisionNames.All),
        "The type of matrix products where whole sequences go through the network; where bf16 is not faster, and with kept keys, float32 "
            + "stands in.",
        sampling => sampling.Precision == Training.Precision.BFloat16 ? null : sampling.Precision,
        (sampling, value) => sampling with { Precision = value }, "\"bf16\"");

    public static readonly Key<SamplingSpec, int> Count = new(
        "count", new Number<int>(new(0, 65_536), "it counts texts", "Use 16, or 0 to generate nothing."), "Texts to generate.",
        sampling => sampling.Count, (sampling, value) => sampling with { Count = value }, "16");

    public static Section Section { get; } = new(
        Count,
        Steps,
        Temperatures,
        StepCounts,
        Samplers,
        Guidance,
        Scorers,
        Batches,
        Precision);
}

/// <summary>What does not go with ways of guiding: rewards that are not known.</summary>
internal static class GuidanceRules
{
    /// <summary>Reports them.</summary>
    /// <param name="run">Any run of the definition.</param>
    /// <param name="experiment">The values of the definition.</param>
    /// <param name="resolver">Knows its parts.</param>
    /// <param name="report">Takes problems.</param>
    public static void Check(RunSpec run, Values experiment, Resolver resolver, Diagnostics report)
    {
        if (resolver.Of(ExperimentKeys.Data) is null || resolver.Of(ExperimentKeys.Sampling) is not { Guidance.IsEmpty: false } sampling)
            return;
        var on = TaskKinds.OnOwnData(run);
        var place = experiment.Get(ExperimentKeys.Sampling).At(SamplingKeys.Guidance);
        foreach (var guidance in sampling.Guidance)
        {
            if (GuidanceChoice.RewardProblem(guidance, on.TaskOrText, on.Data.Tokenizer) is var (what, fix))
                report.Add(place, $"sampling.guidance: {what}", fix);
        }
    }
}

/// <summary>A pretrained model that scores text.</summary>
internal sealed class OutsideScorerKind : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => $"{PretrainedScorers.Stories15M}, or the path of a GPT-2's *.safetensors or of its folder";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["examples"] = new JsonArray(PretrainedScorers.Stories15M) };

    /// <inheritdoc/>
    public override JsonNode Identity(string value) => JsonValue.Create(PretrainedScorers.Identity(value));

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        var problems = PretrainedScorers.Check(value, path);
        foreach (var problem in problems)
            report.Add(node, $"{path}: {problem.What}", problem.Fix);
        return problems.Count == 0;
    }
}
