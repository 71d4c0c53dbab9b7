using Bench.Attention;
using Bench.Experiments.Definitions.Keys;

namespace Bench.Experiments.Definitions.Components;

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
