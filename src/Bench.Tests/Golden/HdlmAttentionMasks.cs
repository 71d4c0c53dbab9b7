using System.Collections.Immutable;
using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Reference.Attention;

namespace Bench.Tests.Golden;

/// <summary>HDLM's attention masks of one step. <c>AttentionPatternTests</c> compares ours for whole schedules.</summary>
public sealed class HdlmAttentionMask : IGoldenFamily
{
    public string Family => "hdlm_attention_mask";

    public string? Check(GoldenCase golden)
    {
        var mask = AttentionMasks.Step(
            golden.Count("seq_len"), golden.Count("settled_end_idx"), golden.Count("active_end_idx"), GoldenMask.Context(golden),
            GoldenMask.Block(golden), golden.Count("block_size"),
            golden.Has("causal"), golden.Has("post_active_context"));
        GoldenMask.Assert(golden, mask);
        return null;
    }
}

/// <summary>HDLM's masks of the doubled pass.</summary>
public sealed class HdlmAttentionMaskEfficient : IGoldenFamily
{
    public string Family => "hdlm_attention_mask_efficient";

    public string? Check(GoldenCase golden)
    {
        int length = golden.Inputs.TryGetProperty("seq_len", out var given) ? given.GetInt32() : 0;
        switch (golden.Function)
        {
            case "generate_attention_mask_efficient_training":
                int blocks = golden.Count("num_blocks");
                GoldenMask.Assert(
                    golden, AttentionMasks.Doubled(
                        length, AttentionMasks.Blocks(length, blocks), GoldenMask.Context(golden), GoldenMask.Block(golden)));
                if (length % blocks == 0 && GoldenMask.Context(golden) != AttentionKind.Full)
                    GoldenMask.Assert(golden, Ours(golden, Hyperschedule.Block(length, length / blocks, 4)));
                return null;
            case "generate_attention_mask_simple_efficient_training":
                ImmutableArray<(int, int)> spans =
                    [.. golden.Inputs.GetProperty("steps").EnumerateArray().Select(span => (span[0].GetInt32(), span[1].GetInt32()))];
                GoldenMask.Assert(golden, AttentionMasks.Doubled(length, spans, GoldenMask.Context(golden), GoldenMask.Block(golden)));
                if (GoldenMask.Context(golden) == AttentionKind.Causal)
                    GoldenMask.Assert(golden, Sliding(golden, length, spans));
                return null;
            case "generate_attention_mask_block_efficient_training_autoregressive":
                GoldenMask.Assert(
                    golden, AttentionMasks.DoubledShifted(
                        length, golden.Count("num_blocks"), GoldenMask.Context(golden), GoldenMask.Block(golden)));
                return null;
            case "create_causal_attention":
                GoldenMask.Assert(golden, AttentionMasks.Causal(length, golden.Count("end")));
                return null;
            default:
                var path = HdlmMetaschedule.Of(golden);
                golden.Expected.Match("t",
                    DoubledTimes.Of(GoldenCase.Integers(golden.Inputs.GetProperty("states")), path.Worthless, golden.Number("eps")), 1e-12);
                return null;
        }
    }

    private static bool[,] Ours(GoldenCase golden, Hyperschedule hyperschedule) =>
        Ours(golden, hyperschedule, hyperschedule.Draw(0.3, _ => 0.3, continuous: false));

    // A window whose last position is i is active at step i.
    private static bool[,] Sliding(GoldenCase golden, int length, ImmutableArray<(int Start, int End)> spans)
    {
        var hyperschedule = Hyperschedule.Slide(length, spans.Max(span => span.End - span.Start), rate: 1);
        ImmutableArray<int> steps =
            [.. Enumerable.Range(0, length).Select(i => spans.Single(span => span.Start <= i && i < span.End).End - 1)];
        return Ours(golden, hyperschedule, new LevelDraw(steps, [.. steps.Select(hyperschedule.TimeAt)], Next: null, Weight: 1));
    }

    private static bool[,] Ours(GoldenCase golden, Hyperschedule hyperschedule, LevelDraw draw) =>
        GoldenMask.Of(
            SequenceLayout.Doubled(
                hyperschedule, [draw],
                new BackboneView(Shifted: false, GoldenMask.Block(golden), Conditioning.Absent, GoldenMask.Context(golden))));
}

/// <summary>BD3-LM's mask; its halves stand in the other order.</summary>
public sealed class Bd3lmBlockMask : IGoldenFamily
{
    public string Family => "bd3lm_block_mask";

    public string? Check(GoldenCase golden)
    {
        int length = golden.Count("n");
        var hyperschedule = Hyperschedule.Block(length, golden.Count("block_size"), 3);
        var layout =
            SequenceLayout.Doubled(
                hyperschedule, [hyperschedule.Draw(0.3, _ => 0.3, continuous: false)],
                new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
        double[] ours = [.. GoldenMask.Of(layout).Cast<bool>().Select(sees => sees ? 1.0 : 0)];
        golden.Expected.Match("mask", [.. Enumerable.Range(0, ours.Length)
            .Select(at => ours[(Swapped(at / (2 * length)) * 2 * length) + Swapped(at % (2 * length))])], 0);
        return null;

        int Swapped(int slot) => (slot + length) % (2 * length);
    }
}

internal static class GoldenMask
{
    public static AttentionKind Context(GoldenCase golden) => Named(golden.Text("context_attention_type"));

    public static AttentionKind Block(GoldenCase golden) => Named(golden.Text("block_attention_type"));

    public static bool[,] Of(SequenceLayout layout)
    {
        var mask = new bool[layout.Slots, layout.Slots];
        for (int query = 0; query < layout.Slots; query++)
        {
            for (int key = 0; key < layout.Slots; key++)
                mask[query, key] = layout.Sees(0, query, key);
        }

        return mask;
    }

    /// <summary>In HDLM's files 1 means that the query may not attend.</summary>
    public static void Assert(GoldenCase golden, bool[,] mask, string name = "mask") =>
        golden.Expected.Match(name, [.. mask.Cast<bool>().Select(sees => sees ? 0.0 : 1)], 0);

    private static AttentionKind Named(string name) => name switch
    {
        "full" => AttentionKind.Full,
        "causal" => AttentionKind.Causal,
        "block_causal" => AttentionKind.BlockCausal,
        var other => throw new NotSupportedException($"no attention called {other}"),
    };
}
