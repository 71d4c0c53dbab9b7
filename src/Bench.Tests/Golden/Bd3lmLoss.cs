using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's loss: noise times per block in a clipped range, masks drawn again, weights; and SEDD's score entropy from the same
/// corruption.</summary>
public sealed class Bd3lmLoss : IGoldenFamily
{
    private static readonly BackboneView View = new(Shifted: false, AttentionKind.Full, Conditioning.Constant);

    public string Family => "bd3lm_loss";

    public string? Check(GoldenCase golden)
    {
        int size = golden.Count("vocab_size"), length = golden.Count("length"), width = golden.Count("block_size"), blocks = length / width;
        bool scores = golden.Text("parameterization") == "sedd";
        golden.Only("parameterization", scores || golden.Text("parameterization") == "subs", "subs or sedd");
        var order = new MaskLast(size, golden.Count("mask_index"));
        var hyperschedule = Hyperschedule.Block(length, width, 1);
        // MDLM's weights are those of its log-linear schedule, 1/t whatever its ε.
        bool asMdlm = golden.Has("mdlm_loss_scale"), trains = golden.Has("training");
        var noise = Bd3lmSchedule.Of(golden.Text("noise"));
        golden.Only("noise", !asMdlm || golden.Text("noise") == "loglinear", "loglinear where the weights are MDLM's");
        var setup = new DiffusionSetup(new Vocabulary("golden", size - 1), new Absorbing(), noise.Schedule, hyperschedule, View);
        double least = golden.Number("sampling_eps_min"), most = golden.Number("sampling_eps_max");
        var loss = BlockLoss.Released(setup, least, most, golden.Has("resample"));

        var draws = GoldenDraw.All(golden);
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0")));
        int rows = x0.Length / length;
        var given = golden.Inputs.GetProperty("t_given");
        double[]? times = given.Shape().Length == 0 ? null : given.Numbers();
        golden.Only("t_given", times is not null || given.NumberOrNull() is null, "null or a list");
        golden.Only("antithetic", times is null || !golden.Has("antithetic"), "false where times are given");
        if (times is null)
        {
            double[] places = draws[0].Uniforms();
            if (golden.Has("antithetic"))
                places = Strata.Of(places.Length, k => places[k]);
            times = [.. places.SelectMany(place => Enumerable.Repeat(loss.InRange(place), width))];
            draws = draws[1..];
        }

        double[][] masking = Array.ConvertAll(draws, draw => draw.Uniforms());
        var tokens = new long[x0.Length];
        var levelDraws = new LevelDraw[rows];
        int attempts = 0;
        for (int row = 0; row < rows; row++)
        {
            var steps = hyperschedule.Draw(0.5, _ => 0.5, continuous: true).Steps;
            levelDraws[row] = new LevelDraw(steps, [.. times[(row * length)..((row + 1) * length)]], null, 1);
            loss.Mask(x0.AsSpan(row * length, length), levelDraws[row], (attempt, i) =>
            {
                attempts = Math.Max(attempts, attempt + 1);
                return masking[attempt][(row * length) + i];
            }).CopyTo(tokens, row * length);
        }

        Xunit.Assert.Equal(masking.Length, attempts);
        bool startsClean = golden.Has("ignore_bos");
        if (startsClean)
        {
            for (int row = 0; row < rows; row++)
                tokens[row * length] = x0[row * length];
        }

        golden.Expected.Match("xt", order.Back(tokens));
        // Where a block is the whole text, one number stands for its row.
        int each = width == length && given.Shape().Length == 0 ? length : 1;
        double[] Once(double[] perPosition) => [.. perPosition.Where((_, at) => at % each == 0)];
        double[] moved = [.. times.Select(noise.Moved)], weights = [.. times.Select(t => loss.IsEven ? 1 : noise.Weight(t))];
        golden.Expected.Match("t", Once(times), 1e-12);
        golden.Expected.Match("move_chance", Once(moved));
        golden.Expected.Match("loss_scale", Once([.. weights.Select(weight => -weight)]));
        golden.Expected.Match("sigma", [.. Enumerable.Range(0, rows)
            .Select(row => golden.Has("time_conditioning") ? Sigma(moved[(row * length)..((row + 1) * length)], asMdlm) : 0)]);

        var clean = new ExampleBatch(x0, new long[rows]);
        // Both halves of their input are ours, the other way round.
        golden.Expected.Match("backbone_input", golden.Has("cross_attn")
            ? Enumerable.Range(0, rows).SelectMany(row => order.Back([.. tokens.AsSpan(row * length, length), .. clean.Row(row)]))
            : order.Back(tokens));

        var logits = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits")));
        var network = new FixedLogits(hyperschedule.NeedsContext ? cat([zeros_like(logits), logits], 1) : logits);
        double[] mask = GoldenCase.Numbers(golden.Inputs.GetProperty("attention_mask"));
        if (scores)
        {
            golden.Expected.Match("per_token_loss", new ScoreEntropy(setup, ScaledBySigma: true)
                .Of(network, NoisyBatch.Of(setup, clean, tokens, levelDraws), CPU));
            golden.Only("attention_mask", mask.All(counts => counts is 0 or 1), "0 and 1");
            return null;
        }

        var nats = loss.Of(network, NoisyBatch.Of(setup, clean, tokens, levelDraws), CPU);
        // Their weights differ from ours by what they add to them or clamp.
        nats *= tensor([.. times.Select((t, at) => weights[at] / loss.Weight(t))], nats.shape);
        golden.Expected.Match("per_token_loss", nats);
        if (!trains && startsClean)
            mask = [.. mask.Select((counts, at) => at % length == 0 ? 0 : counts)];
        nats *= tensor(mask, nats.shape);
        golden.Expected.Match("nlls", nats);
        golden.Expected.Match("token_mean_loss", nats.sum().item<double>() / mask.Sum());
        return null;
    }

    // The noise given to the network: that of the first position, at most what the log-linear schedule reaches; with MDLM's weights the
    // mean of its schedule's.
    private static double Sigma(double[] moved, bool asMdlm) =>
        asMdlm ? moved.Average(new LogLinear(Bd3lmSchedule.Epsilon).Sigma)
            : Math.Min(-Math.Log(1 - moved[0]), -Math.Log(Bd3lmSchedule.Epsilon));
}
