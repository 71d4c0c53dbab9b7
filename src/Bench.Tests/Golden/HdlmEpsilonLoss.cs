using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using Bench.Reference.Attention;
using Bench.Reference.Hyperschedules;
using Bench.Reference.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>HDLM's ε-hybrid losses: noisy tokens, cross-entropies, their weights and the sum, aligned and shifted, flat and along
/// hyperschedules.</summary>
public sealed class HdlmEpsilonLoss : IGoldenFamily
{
    public string Family => "hdlm_epsilon_loss";

    public string? Check(GoldenCase golden)
    {
        bool hybrid = golden.Has("hybrid"), shifted = golden.Text("type") == "shifted",
            along = golden.Inputs.TryGetProperty("metaschedule", out var schedule);
        golden.Only("type", shifted || golden.Text("type") == "aligned", "aligned or shifted");
        var draws = new Queue<GoldenDraw>(GoldenDraw.All(golden));
        int mask = golden.Count("mask_index");
        golden.Only("mask_index", mask == golden.Count("vocab_size") - 1, "the last number of the vocabulary");
        long[][] x0 = GoldenTokens.Rows(golden.Inputs.GetProperty("x0"));
        double epsilon = hybrid ? golden.Number("epsilon") : 0, floor = golden.Number("sampling_eps");
        int length = x0[0].Length;
        var setup = new DiffusionSetup(
            new Vocabulary("golden", mask), new EpsilonHybrid(epsilon), new LogLinear(0), Hyperschedule.Flat(length, 1),
            new BackboneView(shifted, AttentionKind.Full, Conditioning.Constant));
        var loss = new ReleasedHybridLoss(
            new HybridCrossEntropy(setup, hybrid ? golden.Number("lamb") : 0, PerVisible: !along && !shifted, Continuous: true), epsilon,
            hybrid);

        ReleasedStep? step = null;
        int width = 0;
        double[] shares = [];
        if (schedule is not null)
        {
            width = schedule.GetProperty("width").GetInt32();
            var path = Schedule(schedule, length);
            int number = (int)draws.Dequeue().Integers(1, path.EndOf(length)).Single();
            step = shifted ? ReleasedStep.Shifted(path, number, length, floor) : ReleasedStep.Aligned(path, number, length, floor);
            if (!golden.Has("match_inference"))
                step = ReleasedHybridLoss.OffGrid(step, path.Worthless, draws.Dequeue().Uniforms().Single(), floor);
            if (golden.Expected.Has("attn_mask"))
            {
                GoldenMask.Assert(golden, AttentionMasks.Step(
                    length, shifted ? path.SettledAt(number) : path.SettledAt(number) - 1, step.Active.LastIndexOf(true),
                    GoldenMask.Context(golden), GoldenMask.Block(golden), shifted ? width + 1 : width, shifted, postActive: false),
                    "attn_mask");
            }
        }
        else
        {
            shares = [.. draws.Dequeue().Uniforms().Select(u => ((1 - floor) * u) + floor)];
        }

        double[] masking = draws.Dequeue().Uniforms(), exchange = hybrid ? draws.Dequeue().Uniforms() : [];
        // Along a hyperschedule only active positions are noisy; else all but the first token of a shifted view, which is given.
        bool Given(int i) => step is { } now ? !now.Active[i] : shifted && i == 0;
        bool[][] masked = [.. x0.Select((row, r) =>
            row.Select((_, i) => !Given(i) && masking[(r * length) + i] < (step?.Times[i] ?? shares[r])).ToArray())];
        // A token that is drawn anew may come out as it was.
        bool[][] redrawn = [.. x0.Select((row, r) =>
            row.Select((_, i) => hybrid && !Given(i) && !masked[r][i] && exchange[(r * length) + i] < epsilon).ToArray())];
        if (hybrid && shifted && along && redrawn.Any(row => row.Contains(true)))
        {
            golden.Expected.Match("raises", "TypeError");
            return "the public code fails where it is to replace a token";
        }

        var replaced = new Queue<long>(draws.TryDequeue(out var replacements) ? replacements.Integers(0, mask) : []);
        long[][] xt = [.. x0.Select((row, r) => row.Select((token, i) => masked[r][i] ? mask : redrawn[r][i] ? replaced.Dequeue() : token)
            .ToArray())];
        Xunit.Assert.Empty(replaced);
        Xunit.Assert.Empty(draws);
        golden.Expected.Match("noisy_batch", xt);

        double[][] weights = (step, shifted) switch
        {
            ({ } on, true) => loss.Shifted(on, width, xt, redrawn),
            ({ } on, false) => loss.Aligned(on, xt, redrawn),
            (_, true) => loss.Shifted(shares, xt, redrawn),
            _ => loss.Aligned(shares, xt, redrawn),
        };
        golden.Expected.Match("token_weights", [.. weights.SelectMany(row => row)]);
        var targets = tensor([.. x0.SelectMany(row => row)], [x0.Length, length]);
        var logits = GoldenCase.Real(golden.Inputs.GetProperty("logits"));
        var nats = shifted
            ? ReleasedHybridLoss.CrossEntropy(logits.narrow(1, 0, length - 1), targets.narrow(1, 1, length - 1))
            : ReleasedHybridLoss.CrossEntropy(logits, targets);
        // The aligned loss on masks alone does not look at the rest.
        if (!hybrid && !shifted)
            nats *= tensor([.. masked.SelectMany(row => row.Select(hidden => hidden ? 1.0 : 0))], nats.shape);
        golden.Expected.Match("token_losses", nats);
        golden.Expected.Match("loss", (nats * tensor([.. weights.SelectMany(row => row)], nats.shape)).sum().item<double>());
        return null;
    }

    private static IReleasedSchedule Schedule(GoldenInput schedule, int length)
    {
        int width = schedule.GetProperty("width").GetInt32(), depth = schedule.GetProperty("tau").GetInt32();
        return schedule.GetProperty("kind").GetString() switch
        {
            "simple" => ReleasedAnnealing.Slide(width, depth),
            "block" => ReleasedAnnealing.Block(width, depth),
            "hybrid" => new ReleasedBlockSlide(width, depth, length),
            var kind => throw new NotSupportedException($"no hyperschedule called {kind}"),
        };
    }
}
