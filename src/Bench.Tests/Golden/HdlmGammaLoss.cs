using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Reference.Attention;
using Bench.Reference.Hyperschedules;
using Bench.Reference.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>HDLM's γ-hybrid objective as its public code computes it: the step's noise, noisy tokens, and both of its sums.</summary>
public sealed class HdlmGammaLoss : IGoldenFamily
{
    public string Family => "hdlm_gamma_loss";

    public string? Check(GoldenCase golden)
    {
        if (!golden.Has("match_inference"))
        {
            golden.Expected.Match("raises", "RuntimeError");
            return "the public code fails where training does not match generation";
        }

        int tokenCount = golden.Count("num_tokens"), length = golden.Length("x0");
        var schedule = GivenNoise.Schedule(golden, 5e-3);
        bool absorbs = golden.Text("graph") == "Absorb";
        golden.Only("graph", absorbs || golden.Text("graph") == "QGamma", "Absorb or QGamma");
        double gamma = golden.Inputs.GetProperty("gamma").NumberOrNull() ?? 0;
        golden.Only("gamma", !absorbs || gamma == 0, "null or 0 where noise only masks");
        var setup = GivenNoise.Setup(tokenCount, new Absorbing(), schedule, length); // the released rule depends on γ and σ alone

        // A doubled pass has a clean half and a noisy one, of which the text is the first and the second.
        double end = golden.Number("sampling_eps");
        bool doubled = golden.Has("efficient");
        var draws = new Queue<GoldenDraw>(GoldenDraw.All(golden));
        var (context, block) = (GoldenMask.Context(golden), GoldenMask.Block(golden));
        var path = Windows.Of(golden);
        double[] times;
        bool[] settled, worthless = new bool[length];
        if (doubled)
        {
            int half = length / 2;
            var picks = Picks(golden, path, half, draws);
            times = DoubledTimes.Of([.. picks.Levels.Select(level => (long)level)], path.Worthless, end);
            settled = [.. Enumerable.Range(0, length).Select(i => i < half)];
            GoldenMask.Assert(golden, AttentionMasks.Doubled(half, picks.Spans, context, block), "attn_mask");
        }
        else
        {
            int number = (int)draws.Dequeue().Integers(1, path.EndOf(length)).Single();
            var step = ReleasedStep.Aligned(path, number, length, end);
            times = [.. step.Times];
            settled = [.. step.Settled];
            worthless = [.. step.Active.Zip(step.Settled, (active, front) => !active && !front)];
            GoldenMask.Assert(golden, AttentionMasks.Step(
                length, path.SettledAt(number) - 1, step.Active.LastIndexOf(true), context, block, path.Width, shifted: false,
                    postActive: false), "attn_mask");
        }

        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        int rows = x0.Length / length;
        double[] sigma = [.. Enumerable.Range(0, rows).SelectMany(_ => times.Select(schedule.Sigma))];
        golden.Expected.Match("sigma", sigma);
        long[] xt = new Graph(new GammaHybrid(gamma), tokenCount, HasMask: true).Sample(x0, sigma, [.. draws]);
        golden.Expected.Match("perturbed", xt);

        var logScores = GoldenCase.Real(golden.Inputs.GetProperty("log_score"));
        var batch = GivenNoise.Batch(setup, x0, xt, [.. Enumerable.Range(0, rows).SelectMany(_ => times)]);
        var nats = new ReleasedScoreEntropy(setup, gamma, ScaledBySigma: false).Of(new FixedLogits(logScores), batch, CPU);
        double[] weights = [.. Enumerable.Range(0, rows)
            .SelectMany(_ => Enumerable.Range(0, length).Select(i => settled[i] ? 0 : worthless[i] ? 0.001 : 1))];
        golden.Expected.Match("diffusion_loss", (nats * tensor(weights, nats.shape)).sum(-1), 1e-7);

        int front = settled.Count(clean => clean);
        var copied = ReleasedCopyLoss.Of(logScores, GoldenCase.Whole(golden.Inputs.GetProperty("x0")),
            ReleasedCopyLoss.Weights(front, doubled ? front : path.Width));
        golden.Expected.Match("ce_loss", copied);
        return null;
    }

    private static ReleasedPicks Picks(GoldenCase golden, ReleasedAnnealing path, int length, Queue<GoldenDraw> draws)
    {
        if (golden.Inputs.GetProperty("metaschedule").GetProperty("kind").GetString() != "block")
            return ReleasedPicks.Slide(path, length, (int)draws.Dequeue().Integers(1, path.Width + 1).Single());
        int depth = path.Worthless;
        return ReleasedPicks.Block(path.Width, depth, [.. Enumerable.Range(0, length / path.Width).Select(number =>
            (int)draws.Dequeue().Integers((number * depth) + 1, ((number + 1) * depth) + 1).Single())]);
    }
}
