using System.Text.Json.Nodes;
using Bench.Attention;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The keys of a method that is written as a section.</summary>
internal static class MethodKeys
{
    public static readonly Key<string> Name = new(
        "name", new Words("a short name of lower-case letters, digits and hyphens", Words.Slug()), "Names it; no name of the table.");

    public static readonly Key<string> Title = new(
        "title", new Line(mayBeEmpty: false), "Names it in tables and figures; by default its name.");

    public static readonly Key<string> From = new(
        "from", new Words("the name of a method with a network"),
        "The row of the table that supplies the components that are not written.");

    public static readonly Key<Component<INoiseProcess>> Noise = new("noise", NoiseKinds.All, "How tokens are corrupted.");
    public static readonly Key<Component<INoiseSchedule>> Schedule = new("schedule", ScheduleKinds.All, "Total noise over noise time.");
    public static readonly Key<Component<HyperscheduleChoice>> Hyperschedule = new(
        "hyperschedule", HyperscheduleKinds.All, "The noise level of each position at each step.");
    public static readonly Key<Component<ObjectiveChoice>> Objective = new("objective", ObjectiveKinds.All, "What is minimised.");
    public static readonly Key<Values> View =
        new("view", ViewKeys.Section, "How slots attend, and what the network is conditioned on.", IsRequired: true);
    public static readonly Key<string> Sampler = new("sampler", new SamplerKind(), "How text is generated.");

    /// <summary>The components of a method, the schedule of its noise included.</summary>
    public static readonly Key[] Components = [Noise, Schedule, Hyperschedule, Objective, View, Sampler];

    public static Section Section { get; } = new([Name, Title, From, .. Components]);
}

/// <summary>The name of a method, or a section of its five components.</summary>
internal sealed class MethodKind : Kind<MethodEntry>
{
    private static readonly Choice<IMethod> Names = new(
        "method", [.. MethodTable.All.Select(method => KeyValuePair.Create(method.Name, method))]);

    /// <inheritdoc/>
    public override string Expected => $"{Names.Expected}, or a section of components";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["oneOf"] = new JsonArray(Names.Schema(), MethodKeys.Section.Schema()) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out MethodEntry value)
    {
        value = new(null, node);
        if (node is Mapping)
            return true;
        if (node is not Scalar { IsNothing: false })
            return Refuse(node, path, report, out value);
        if (!Names.TryRead(node, path, report, out var row))
            return false;
        value = new(row, node);
        return true;
    }
}

/// <summary>
/// A method as a definition has it: a row of the table by name, or a section of components, which is read once text and length are known.
/// </summary>
/// <param name="Row">The row; null for a section.</param>
/// <param name="Written">Where it was written.</param>
internal sealed record MethodEntry(IMethod? Row, Node Written);

/// <summary>The keys of a backbone view.</summary>
internal static class ViewKeys
{
    public static readonly Key<bool> Shifted = new(
        "shifted", new Flag(), "Whether a slot predicts the next position; else its own.", "false");

    public static readonly Key<AttentionKind> Block = new(
        "block",
        new Choice<AttentionKind>("attention", [new("full", AttentionKind.Full), new("causal", AttentionKind.Causal)]),
        "How active positions of a block attend to each other.",
        "\"full\"");

    public static readonly Key<AttentionKind> Context = new(
        "context",
        new Choice<AttentionKind>(
            "attention",
            [new("block-causal", AttentionKind.BlockCausal), new("causal", AttentionKind.Causal), new("full", AttentionKind.Full)]),
        "How settled positions attend to each other.", "\"block-causal\"");

    public static readonly Key<Conditioning> Conditioning = new(
        "conditioning",
        new Choice<Conditioning>(
            "conditioning",
            [
                new("absent", Attention.Conditioning.Absent),
                new("constant", Attention.Conditioning.Constant),
                new("sigma", Attention.Conditioning.Sigma),
                new("time", Attention.Conditioning.Time),
            ]),
        "What the network is conditioned on: nothing, a constant, σ, or the time 1 − e^{−σ}.",
        IsRequired: true);

    public static readonly Key<bool> PostActive = new(
        "post-active", new Flag(), "Whether positions behind the active ones attend to each other.", "false");

    public static Section Section { get; } = new(Shifted, Block, Conditioning, Context, PostActive);

    public static BackboneView Make(Values values) =>
        new(values.Get(Shifted), values.Get(Block), values.Get(Conditioning), values.Get(Context), values.Get(PostActive));

    /// <summary>The values of a view, by key.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Values(BackboneView view)
    {
        yield return new(Shifted.Name, view.Shifted);
        yield return new(Block.Name, Name(view.Block));
        yield return new(Conditioning.Name, Name(view.Conditioning));
        yield return new(Context.Name, Name(view.Context));
        yield return new(PostActive.Name, view.PostActive);
    }

    private static string Name<T>(T value)
        where T : struct, Enum =>
        value is AttentionKind.BlockCausal ? "block-causal" : value.ToString().ToLowerInvariant();
}
