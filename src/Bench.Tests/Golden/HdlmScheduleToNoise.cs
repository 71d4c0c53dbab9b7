using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Reference.Attention;
using Bench.Reference.Hyperschedules;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>
/// Noise times and classes of positions at one step of the authors' schedules; and the attention mask, where this suite's layouts claim the
/// same.
/// </summary>
public sealed class HdlmScheduleToNoise : IGoldenFamily
{
    public string Family => "hdlm_schedule_to_noise";

    public string? Check(GoldenCase golden)
    {
        var path = HdlmMetaschedule.Of(golden);
        var (step, length, epsilon) = (golden.Count("current_step"), golden.Count("seq_len"), golden.Number("eps"));
        bool shifted = golden.Function == "compute_t_and_attn_autoregressive";
        var noise = shifted ? ReleasedStep.Shifted(path, step, length, epsilon) : ReleasedStep.Aligned(path, step, length, epsilon);
        golden.Expected.Match("t", [.. noise.Times], 1e-12);
        golden.Expected.Match("t_float32", [.. noise.Times], 1e-4);
        golden.Expected.Match("weight_mask", [.. noise.Weights], 1e-7); // theirs are float32
        golden.Expected.Match("active_mask", Numbers(noise.Active), 0);
        golden.Expected.Match("settled_mask", Numbers(noise.Settled), 0);
        golden.Expected.Match("tokens_to_denoise", Numbers(noise.Finishing), 0);
        int width = golden.Count("width");
        GoldenMask.Assert(golden, AttentionMasks.Step(
            length, path.SettledAt(step) - (shifted ? 0 : 1), noise.Active.LastIndexOf(true), GoldenMask.Context(golden),
                GoldenMask.Block(golden),
            shifted ? width + 1 : width, shifted, golden.Has("post_active_context")));
        if (!shifted && Twin(golden, length) is { } twin && step <= twin.Steps)
            CheckAttention(golden, twin, step, noise);
        return null;
    }

    // The hyperschedule of this suite with the same regions: any block, and a slide of as many levels as positions. Theirs lets settled
    // tokens attend to those settled after them in a slide's block-causal and in every full context, and worthless ones each other in a
    // post-active one: none of that is in this suite.
    private static Hyperschedule? Twin(GoldenCase golden, int length)
    {
        var (width, depth) = (golden.Count("width"), golden.Count("tau"));
        return (golden.Text("kind"), golden.Text("context_attention_type"), golden.Has("post_active_context")) switch
        {
            ("block", "causal" or "block_causal", false) => Hyperschedule.Block(length, width, depth),
            ("simple", "causal", false) when width == depth => Hyperschedule.Slide(length, width, 1),
            _ => null,
        };
    }

    private static void CheckAttention(GoldenCase golden, Hyperschedule hyperschedule, int step, ReleasedStep noise)
    {
        AttentionKind Kind(string name) => golden.Inputs.GetProperty(name).GetString() switch
        {
            "causal" => AttentionKind.Causal,
            "block_causal" => AttentionKind.BlockCausal,
            _ => AttentionKind.Full,
        };
        int length = hyperschedule.Length;
        var view = new BackboneView(Shifted: false, Kind("block_attention_type"), Conditioning.Absent, Kind("context_attention_type"));
        var layout = SequenceLayout.Step(hyperschedule, step - 1, length, view);
        // A query that may attend to no key attends to itself alone here, and in their network to everything.
        bool Worthless(int query) => !noise.Active[query] && !noise.Settled[query];
        golden.Expected.Match(
            "mask", [.. Enumerable.Range(0, length * length).Select(at => layout.Sees(0, at / length, at % length) ? 0.0 : 1)], 0,
                "layout", where: at => !Worthless(at / length));
        for (int at = 0; at < length * length; at++)
        {
            if (Worthless(at / length))
                Assert.Equal(at / length == at % length, layout.Sees(0, at / length, at % length));
        }
    }

    private static double[] Numbers(IEnumerable<bool> flags) => [.. flags.Select(flag => flag ? 1.0 : 0.0)];
}
