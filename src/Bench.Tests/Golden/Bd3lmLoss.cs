using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>BD3-LM's loss: noise times per block in a clipped range, masks drawn again, weights.</summary>
public sealed class Bd3lmLoss : IGoldenFamily
{
    private static readonly BackboneView View = new(Shifted: false, Attention.Full, Conditioning.Constant);

    public string Family => "bd3lm_loss";

    public string? Check(GoldenCase golden)
    {
        if (golden.Inputs.GetProperty("parameterization").GetString() != "subs")
            return "its objective is SEDD's score entropy, which its own files hold to account";
        int size = golden.Count("vocab_size"), length = golden.Count("length"), width = golden.Count("block_size"), blocks = length / width;
        var order = new MaskLast(size, golden.Count("mask_index"));
        var path = Hyperschedule.Block(length, width, 1);
        var problem = new Denoising(new Vocabulary("golden", size - 1), new Absorbing(), Schedule(golden), path, View);
        double least = golden.Number("sampling_eps_min"), most = golden.Number("sampling_eps_max");
        var loss = BlockLoss.Released(problem, least, most, golden.Has("resample"));

        var draws = golden.Inputs.GetProperty("draws");
        double[] places = GoldenCase.Numbers(draws[0].GetProperty("values"));
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0")));
        int rows = x0.Length / length;
        if (golden.Has("antithetic"))
            places = [.. places.Select((u, i) => (u + i) / places.Length)];
        var masking = Enumerable.Range(1, draws.GetArrayLength() - 1).Select(i => GoldenCase.Numbers(draws[i].GetProperty("values"))).ToArray();

        var tokens = new long[x0.Length];
        var snapshots = new Snapshot[rows];
        for (int row = 0; row < rows; row++)
        {
            var steps = path.Draw(0.5, _ => 0.5, continuous: true).Steps;
            snapshots[row] = new Snapshot(steps, [.. Enumerable.Range(0, length).Select(i => loss.InRange(places[(row * blocks) + (i / width)]))], null, 1);
            loss.Mask(x0.AsSpan(row * length, length), snapshots[row], (attempt, i) => masking[attempt][(row * length) + i]).CopyTo(tokens, row * length);
        }

        Assert.Equal(order.Of(GoldenCase.Integers(golden.Expected.GetProperty("xt"))), tokens);
        double[] times = [.. snapshots.SelectMany(snapshot => snapshot.Times)];
        double[] theirTimes = GoldenCase.Numbers(golden.Expected.GetProperty("t")), theirWeights = GoldenCase.Numbers(golden.Expected.GetProperty("loss_scale"));
        int repeats = times.Length / theirTimes.Length; // one block needs one number
        Close.Assert([.. theirTimes.SelectMany(t => Enumerable.Repeat(t, repeats))], times, 1e-12, "t");

        var clean = new TokenBatch(x0, new long[rows]);
        // Both halves of their input are ours, the other way round.
        if (golden.Has("cross_attn"))
        {
            for (int row = 0; row < rows; row++)
                Assert.Equal<long[]>(order.Of(GoldenCase.Integers(golden.Expected.GetProperty("backbone_input")[row])), [.. tokens.AsSpan(row * length, length), .. clean.Row(row)]);
        }

        var logits = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits")));
        var nats = loss.Of(new FixedLogits(path.NeedsContext ? cat([zeros_like(logits), logits], 1) : logits), NoisyBatch.Of(problem, clean, tokens, snapshots), CPU);
        double[] factors = [.. times.Select((t, at) => -theirWeights[at / repeats] / loss.Weight(t))];
        if (golden.Inputs.GetProperty("noise").GetString() != "cosine") // an ε too many in the denominator there
            Close.Assert([.. Enumerable.Repeat(1.0, factors.Length)], factors, 1e-9, "weights");
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("per_token_loss")), nats * tensor(factors, nats.shape), what: "per-token loss");
        double[] mask = GoldenCase.Numbers(golden.Inputs.GetProperty("attention_mask"));
        Close.Assert(golden.Expected.GetProperty("token_mean_loss").GetDouble(), (nats * tensor([.. factors.Zip(mask, (f, m) => f * m)], nats.shape)).sum().item<double>() / mask.Sum(), what: "mean loss");
        return null;
    }

    private static INoiseSchedule Schedule(GoldenCase golden) => golden.Inputs.GetProperty("noise").GetString() switch
    {
        "loglinear" => new LogLinear(0),
        "log" => new Logarithmic(),
        "cosine" => new Cosine(1, Epsilon: 0, Masked: 1e-3),
        var noise => throw new NotSupportedException($"no noise schedule called {noise}"),
    };
}
