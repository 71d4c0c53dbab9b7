using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Data.Tokenizers;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Guidance;
using Bench.Results;
using Bench.Sampling;
using Bench.Tasks;

namespace Bench.Experiments.Definitions.Components;

/// <summary>A way of guiding a sampler, before it is known what tokens mean.</summary>
/// <param name="Rule">Which candidates are continued.</param>
/// <param name="Value">A name of <see cref="ValueTable"/>.</param>
/// <param name="Reward">A name of <see cref="RewardTable"/> or of the task's rewards; empty for the task's only one.</param>
public sealed record GuidanceSpec(IRule Rule, string Value, string Reward)
{
    /// <summary>How it is written, in JSON.</summary>
    internal string Written { get; init; } = "";
}

/// <summary>The ways of guiding a sampler by name. A new rule is one more row.</summary>
internal static class GuidanceKinds
{
    private static readonly Key<int> Candidates = new(
        "candidates", new Number<int>(new(1, 4096), "it counts the candidates of a sequence", "Use 8."),
        "Sequences that are generated for one.", "8");

    private static readonly Key<double> Alpha = new(
        "alpha",
        new Number<double>(new(0, 1e6, OpenLeast: true), "rewards are divided by it", "Use 1; the lower, the more the reward counts."),
        "α: what is aimed at is p(x) exp(r(x)/α)/Z.", "1");

    private static readonly Key<string> Value = new(
        "value", new ValueKind(), "What unfinished candidates are compared by.", "\"sampled-4\"");

    private static readonly Key<string> Reward = new(
        "reward", new RewardKind(), "What is rewarded; left out for the task's own reward.");

    private static readonly Key<bool> IsGreedy = new(
        "greedy", new Flag(), "Whether the candidate of the highest value is taken, whatever α, instead of a draw.", "false");

    private static readonly Key<Potential> Potential = new(
        "potential",
        new Choice<Potential>(
            "potential",
            [.. Enum.GetValues<Potential>().Select(potential => KeyValuePair.Create($"{potential}".ToLowerInvariant(), potential))]),
        "What weights are multiplied by after a step: the change of the value, its highest or sum so far, or itself.", "\"difference\"");

    private static readonly Key<int> Every = new(
        "every", new Number<int>(new(1, 1_000_000), "it counts steps", "Use 1."), "After how many steps values are taken.", "1");

    private static readonly Key<double> Threshold = new(
        "threshold", new Number<double>(new(0, 1), "it is a share of the candidates", "Use 0.5."),
        "Candidates are drawn anew where fewer than this share of them have the weight.", "0.5");

    public static ComponentKind<GuidanceSpec> All { get; } = new("guidance",
    [
        new("best-of", typeof(BestOf), "Of N finished sequences the one of the highest reward.", new(Candidates, Reward),
            values => Of(new BestOf(values.Get(Candidates)), values)),
        new("resample", typeof(Resample), "Of N finished sequences one in proportion to exp(r/α).", new(Candidates, Alpha, Reward),
            values => Of(new Resample(values.Get(Candidates), values.Get(Alpha)), values)),
        new(
            "svdd", typeof(Svdd), "After each step one of M candidates in proportion to exp(v/α), from which all go on (SVDD).",
            new(Candidates, Alpha, Value, IsGreedy, Reward),
            values => Of(new Svdd(values.Get(Candidates), values.Get(Alpha), values.Get(IsGreedy)), values)),
        new(
            "fk", typeof(Steering), "Candidates with weights, drawn anew where few have most of the weight (SMC, FK steering).",
            new(Candidates, Alpha, Value, Potential, Every, Threshold, Reward),
            values => Of(
                new Steering(
                    values.Get(Candidates), values.Get(Alpha), values.Get(Potential), values.Get(Every), values.Get(Threshold)),
                values)),
    ]);

    private static GuidanceSpec Of(IRule rule, Values values) => new(rule, values.Get(Value, ""), values.Get(Reward, ""));
}

/// <summary>The ways of guiding, for lists.</summary>
public static class GuidanceWays
{
    /// <summary>Kind, what it is, and its keys.</summary>
    public static IReadOnlyList<(string Kind, string Summary, string Keys)> Rows { get; } =
        [.. GuidanceKinds.All.Rows.Select(row => (row.Kind, row.Doc, string.Join(", ", row.Section.Keys.Select(key => key.Name))))];
}

/// <summary>A way of guiding a sampler, as it is written in a definition or on the command line.</summary>
internal sealed class GuidanceKind : Kind<GuidanceSpec>
{
    /// <inheritdoc/>
    public override string Expected => GuidanceKinds.All.Expected;

    /// <summary>Reads one that stands in an option.</summary>
    /// <param name="text">As in a definition: <c>{ kind: svdd, candidates: 8 }</c>.</param>
    /// <param name="option">Its name.</param>
    /// <param name="problems">What is wrong with it.</param>
    public static GuidanceSpec? Read(string text, string option, out IReadOnlyList<Problem> problems)
    {
        var report = new Diagnostics(option);
        GuidanceSpec? spec = null;
        if (TreeReader.Read(text, report) is { } node && new GuidanceKind().TryRead(node, "guidance", report, out var read))
            spec = read;
        problems = [.. report.Problems];
        return problems.Count == 0 ? spec : null;
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => GuidanceKinds.All.Schema();

    /// <inheritdoc/>
    public override JsonNode Write(GuidanceSpec value) => JsonNode.Parse(value.Written)!;

    /// <inheritdoc/>
    public override Node FromStored(Node stored) => GuidanceKinds.All.FromStored(stored);

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out GuidanceSpec value)
    {
        bool isRead = GuidanceKinds.All.TryRead(node, path, report, out var component);
        value = isRead
            ? component.Value with { Written = CanonicalJson.Compact(JsonSerializer.SerializeToElement(component.Json)) }
            : null!;
        return isRead;
    }
}

/// <summary>A sampler with guidance: the reward is looked up, and the value made.</summary>
internal static class GuidanceChoice
{
    /// <summary>The guided sampler; or why there is none, and what to do.</summary>
    /// <param name="guidance">How.</param>
    /// <param name="sampler">Takes the steps.</param>
    /// <param name="task">May have rewards of its own.</param>
    /// <param name="tokenizer">Says what tokens mean.</param>
    /// <param name="setup">Noise and hyperschedule.</param>
    public static (Guided? Sampler, string Problem, string Fix) For(
        GuidanceSpec guidance, ISampler sampler, ITask task, ITokenizer tokenizer, DiffusionSetup setup)
    {
        if (RewardProblem(guidance, task, tokenizer) is var (what, fix))
            return (null, what, fix);
        var reward = RewardOf(guidance, task, tokenizer)!;
        var value = guidance.Rule.Every == 0 ? new ArgmaxValue()
            : guidance.Value != ValueTable.Exact ? ValueTable.Find(guidance.Value)
            : task.Rewards.Contains(reward) ? task.ExactValue(setup, guidance.Rule.Alpha)
            : null;
        if (value is null)
            return (null, $"nothing knows the exact value of {reward.Name} here", "Name another value, such as sampled-4.");
        var guided = new Guided(sampler, reward, guidance.Rule, value);
        return ((ISampler)guided).Misfit(setup) is { } reason
            ? (null, reason, "Name another value or another sampler, or guide finished sequences alone with best-of or resample.")
            : (guided, "", "");
    }

    /// <summary>What is wrong with the reward; null where nothing is.</summary>
    public static (string What, string Fix)? RewardProblem(GuidanceSpec guidance, ITask task, ITokenizer tokenizer)
    {
        bool isText = tokenizer is not NumberedSymbols;
        string[] names = [.. task.Rewards.Select(reward => reward.Name), .. isText ? RewardTable.Rows.Select(row => row.Name) : []];
        string fix = names.Length == 0 ? "Leave guidance out." : Spelling.Advice(guidance.Reward, names, "rewards");
        if (names.Length == 0)
            return ($"the tokens of {tokenizer.Name} are no text, and the task {task.Name} has no reward of its own", fix);
        if (guidance.Reward.Length == 0)
            return task.Rewards.Count == 1 ? null : ("guidance names no reward", $"Write reward: {names[0]}. {fix}");
        return names.Contains(guidance.Reward) ? null : ($"there is no reward '{guidance.Reward}'", fix);
    }

    private static IReward? RewardOf(GuidanceSpec guidance, ITask task, ITokenizer tokenizer) => guidance.Reward.Length == 0
        ? task.Rewards[0]
        : task.Rewards.FirstOrDefault(reward => reward.Name == guidance.Reward) ?? RewardTable.Find(guidance.Reward)?.Make(tokenizer);
}

/// <summary>A name of <see cref="ValueTable"/>.</summary>
internal sealed class ValueKind : Kind<string>
{
    private static readonly string[] Names = [.. ValueTable.Rows.Select(row => row.Name)];

    /// <inheritdoc/>
    public override string Expected => $"one of {string.Join(", ", Names)}";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        if (ValueTable.Problem(value) is not { } problem)
            return true;
        report.Add(node, $"{path}: {problem}", Spelling.Advice(value, Names, "values"));
        return false;
    }
}

/// <summary>The name of a reward; which there are depends on the task.</summary>
internal sealed class RewardKind : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => $"the name of a reward such as {RewardTable.Rows[0].Name}";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. RewardTable.Rows.Select(row => JsonValue.Create(row.Name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        return true;
    }
}
