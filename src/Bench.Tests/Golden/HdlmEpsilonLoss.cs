using Bench.Data;
using Bench.Hyperschedules;
using Bench.Hyperschedules.Released;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Bench.Objectives.Released;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>HDLM's ε-hybrid losses: cross-entropies, their weights and the sum, aligned and shifted, flat and along hyperschedules.</summary>
public sealed class HdlmEpsilonLoss : IGoldenFamily
{
    public string Family => "hdlm_epsilon_loss";

    public string? Check(GoldenCase golden)
    {
        if (golden.Expected.TryGetProperty("raises", out _))
            return "the public code fails on it";
        bool hybrid = golden.Has("hybrid"), shifted = golden.Inputs.GetProperty("type").GetString() == "shifted", along = golden.Inputs.TryGetProperty("metaschedule", out var schedule);
        bool onGrid = !along || golden.Has("match_inference");
        var draws = golden.Inputs.GetProperty("draws");

        int mask = golden.Count("mask_index");
        Assert.Equal(mask, golden.Count("vocab_size") - 1);
        long[][] x0 = Rows(golden.Inputs.GetProperty("x0")), xt = Rows(golden.Expected.GetProperty("noisy_batch"));
        double epsilon = hybrid ? golden.Number("epsilon") : 0;
        int length = x0[0].Length;
        var problem = new Denoising(new Vocabulary("golden", mask), new EpsilonHybrid(epsilon), new LogLinear(0), Hyperschedule.Flat(length, 1), new BackboneView(shifted, Attention.Full, Conditioning.Constant));
        var loss = new ReleasedHybridLoss(new HybridCrossEntropy(problem, hybrid ? golden.Number("lamb") : 0, PerVisible: !along && !shifted, Continuous: true), epsilon, hybrid);

        // A word that is drawn anew may come out as it was.
        double[] exchange = hybrid ? GoldenCase.Numbers(draws[onGrid ? 2 : 3].GetProperty("values")) : [];
        bool[][] redrawn = [.. xt.Select((row, r) => row.Select((token, i) => hybrid && token != mask && exchange[(r * length) + i] < epsilon).ToArray())];
        double[][] weights;
        if (along)
        {
            var path = Schedule(schedule, length);
            int number = draws[0].GetProperty("values").GetInt32();
            double floor = golden.Number("sampling_eps");
            var step = shifted ? ReleasedStep.Shifted(path, number, length, floor) : ReleasedStep.Aligned(path, number, length, floor);
            step = onGrid ? step : ReleasedHybridLoss.OffGrid(step, path.Worthless, GoldenCase.Numbers(draws[1].GetProperty("values"))[0], floor);
            weights = shifted ? loss.Shifted(step, schedule.GetProperty("width").GetInt32(), xt, redrawn) : loss.Aligned(step, xt, redrawn);
        }
        else
        {
            double floor = golden.Number("sampling_eps");
            double[] shares = [.. GoldenCase.Numbers(draws[0].GetProperty("values")).Select(u => ((1 - floor) * u) + floor)];
            Assert.Equal(Masked(golden, shares, shifted), xt.SelectMany(row => row.Select(token => token == mask)));
            weights = shifted ? loss.Shifted(shares, xt, redrawn) : loss.Aligned(shares, xt, redrawn);
        }

        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("token_weights")), [.. weights.SelectMany(row => row)], what: "weights");
        var targets = tensor([.. x0.SelectMany(row => row)], [x0.Length, length]);
        var logits = GoldenCase.Real(golden.Inputs.GetProperty("logits"));
        var nats = shifted
            ? ReleasedHybridLoss.CrossEntropy(logits.narrow(1, 0, length - 1), targets.narrow(1, 1, length - 1))
            : ReleasedHybridLoss.CrossEntropy(logits, targets);
        // The loss on masks alone does not look at the rest.
        double[] theirs = GoldenCase.Numbers(golden.Expected.GetProperty("token_losses"));
        Close.Assert(theirs, nats * tensor([.. theirs.Select(value => value == 0 ? 0.0 : 1.0)], nats.shape), what: "cross-entropies");
        Close.Assert(golden.Expected.GetProperty("loss").GetDouble(), (nats * tensor([.. weights.SelectMany(row => row)], nats.shape)).sum().item<double>(), what: "loss");
        return null;
    }

    private static IEnumerable<bool> Masked(GoldenCase golden, double[] shares, bool shifted)
    {
        double[] draws = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[1].GetProperty("values"));
        int length = draws.Length / shares.Length;
        return draws.Select((u, at) => u < shares[at / length] && !(shifted && at % length == 0)); // the first token of a shifted view is given
    }

    private static IReleasedSchedule Schedule(System.Text.Json.JsonElement schedule, int length)
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

    private static long[][] Rows(System.Text.Json.JsonElement rows) => [.. rows.EnumerateArray().Select(GoldenCase.Integers)];
}
