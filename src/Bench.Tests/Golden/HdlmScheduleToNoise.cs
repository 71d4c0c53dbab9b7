using Bench.Hyperschedules;
using Bench.Hyperschedules.Released;
using Bench.Models;
using Xunit;

namespace Bench.Tests.Golden;

/// <summary>Noise times and classes of positions at one step of the authors' schedules; and who sees whom, where this suite's layouts claim the same.</summary>
public sealed class HdlmScheduleToNoise : IGoldenFamily
{
    public string Family => "hdlm_schedule_to_noise";

    public string? Check(GoldenCase golden)
    {
        var path = HdlmMetaschedule.Of(golden);
        var (step, length, epsilon) = (golden.Count("current_step"), golden.Count("seq_len"), golden.Number("eps"));
        bool shifted = golden.Function == "compute_t_and_attn_autoregressive";
        var noise = shifted ? ReleasedStep.Shifted(path, step, length, epsilon) : ReleasedStep.Aligned(path, step, length, epsilon);
        Close.Assert(Expected("t"), noise.Times.AsSpan(), 1e-12, "t");
        Close.Assert(Expected("weight_mask"), noise.Weights.AsSpan(), 1e-7, "weight"); // theirs are float32
        Close.Assert(Expected("active_mask"), Numbers(noise.Active), 0, "active");
        Close.Assert(Expected("settled_mask"), Numbers(noise.Settled), 0, "settled");
        Close.Assert(Expected("tokens_to_denoise"), Numbers(noise.Finishing), 0, "finishing");
        if (!shifted && Twin(golden, length) is { } twin && step <= twin.Steps)
            CheckSight(golden, twin, step, noise);
        return null;

        double[] Expected(string name) => GoldenCase.Numbers(golden.Expected.GetProperty(name));
    }

    // The hyperschedule of this suite with the same regions: any block, and a slide of as many levels as positions. Theirs lets settled tokens see those settled after them
    // in a slide's block-causal and in every full context, and worthless ones each other in a post-active one: none of that is in this suite.
    private static Hyperschedule? Twin(GoldenCase golden, int length)
    {
        var (width, depth) = (golden.Count("width"), golden.Count("tau"));
        return (golden.Inputs.GetProperty("kind").GetString(), golden.Inputs.GetProperty("context_attention_type").GetString(), golden.Has("post_active_context")) switch
        {
            ("block", "causal" or "block_causal", false) => Hyperschedule.Block(length, width, depth),
            ("simple", "causal", false) when width == depth => Hyperschedule.Slide(length, width, 1),
            _ => null,
        };
    }

    private static void CheckSight(GoldenCase golden, Hyperschedule path, int step, ReleasedStep noise)
    {
        Attention Kind(string name) => golden.Inputs.GetProperty(name).GetString() switch
        {
            "causal" => Attention.Causal,
            "block_causal" => Attention.BlockCausal,
            _ => Attention.Full,
        };
        int length = path.Length;
        var view = new BackboneView(Shifted: false, Kind("block_attention_type"), Conditioning.Absent, Kind("context_attention_type"));
        var layout = Layout.Step(path, step - 1, length, view);
        double[] blocked = GoldenCase.Numbers(golden.Expected.GetProperty("mask"));
        for (int query = 0; query < length; query++)
        {
            // Whoever sees nobody sees itself alone here, and in their network everybody.
            bool worthless = !noise.Active[query] && !noise.Settled[query];
            for (int key = 0; key < length; key++)
                Assert.Equal(worthless ? query == key : blocked[(query * length) + key] == 0, layout.Sees(0, query, key));
        }
    }

    private static double[] Numbers(IEnumerable<bool> flags) => [.. flags.Select(flag => flag ? 1.0 : 0.0)];
}
