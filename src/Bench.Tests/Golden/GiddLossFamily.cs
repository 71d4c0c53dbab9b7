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

/// <summary>GIDD's bound, its weights and its training losses, and the masked loss beside them.</summary>
public sealed class GiddLossFamily : IGoldenFamily
{
    public string Family => "gidd_loss";

    public string? Check(GoldenCase golden)
    {
        bool masked = golden.Group == "mdlm";
        int size = golden.Count("vocab_size");
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0"))),
            z = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("z_t")));
        int length = x0.Length / times.Length;
        // The share of uniform tokens is never quite zero.
        INoiseProcess process = masked ? new Absorbing()
            : new Gidd(Math.Max(Math.Exp(-golden.Number("clip_noise")), golden.Number("p_uniform")), golden.Number("gamma"));
        var setup = new DiffusionSetup(
            new Vocabulary("golden", size - 1), process, new LogLinear(masked ? golden.Number("eps") : 0), Hyperschedule.Flat(length, 1),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));
        var batch = NoisyBatch.Of(setup, new ExampleBatch(x0, new long[times.Length]), z,
            [.. times.Select(t => new LevelDraw([.. new int[length]], [.. Enumerable.Repeat(t, length)], null, 1))]);
        var network = new FixedLogits(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))));

        Func<IDenoiser, NoisyBatch, Device, Tensor> bound = masked ? new MaskedNelbo(setup).Of : new Nelbo(setup, Continuous: true).Of;
        var elbo = bound(network, batch, CPU);
        golden.Expected.Match("elbo", elbo);
        double[] mask = GoldenCase.Numbers(golden.Inputs.GetProperty("attention_mask"));
        var metrics = golden.Expected.Of("metrics");
        metrics.Match("elbo", Mean(elbo));
        if (masked)
        {
            golden.Expected.Match("loss", elbo);
            metrics.Match("rec_loss", Mean(elbo));
            return null;
        }

        double least = golden.Number("min_loss_weight"), most = golden.Number("max_loss_weight");
        var loss = new GiddLoss(setup, golden.Text("loss_weighting") switch
        {
            "dynamic" => new Above(least, new ReleasedDynamicWeights(most)),
            "clip" => new Above(least, new ClippedWeights(most)),
            "none" => new ClippedWeights(double.MaxValue),
            var weighting => throw new NotSupportedException($"no weighting called {weighting}"),
        });
        double[] own = Weights(loss.BoundWeight);
        golden.Exact.Match("elbo_weights", own);
        golden.Expected.Match("elbo_weights", own);
        golden.Expected.Match("loss_weights", Weights(loss.Weight));
        var nats = loss.Of(network, batch, CPU);
        golden.Expected.Match("loss", nats);
        golden.Expected.Match("loss_tokenmean", nats.mean().item<double>()); // whatever the attention mask
        golden.Expected.Match("alpha_ratio", [.. times.Select(Fall)]);
        golden.Expected.Match("q_t_given_x0",
            [.. x0.SelectMany((token, at) => order.Back(Distribution(setup.At(times[at / length]), token)))]);
        return null;

        double Mean(Tensor values) => (values * tensor(mask, values.shape)).sum().item<double>() / mask.Sum();

        double[] Weights(Func<double, bool, bool, double> of) =>
            [.. z.Select((token, at) => of(times[at / length], token == size - 1, token == x0[at]))];

        // (ln α)' in t: what leaves a clean token.
        double Fall(double t) => setup.Process.RatesAt(setup.Schedule.Sigma(t)) is var rates
            ? -setup.Schedule.Rate(t) * (rates.Mask + rates.Uniform) : 0;

        double[] Distribution(Marginal now, long token) =>
            [.. Enumerable.Range(0, size).Select(y => now.Probability(y, (int)token, size - 1))];
    }

    /// <summary>No weight below a limit.</summary>
    private sealed record Above(double Least, IGiddWeighting Weighting) : IGiddWeighting
    {
        public string Name => Weighting.Name;

        public double Of(Gidd process, double bound, double survival, bool masked, bool unchanged, int tokenCount) =>
            Math.Max(Least, Weighting.Of(process, bound, survival, masked, unchanged, tokenCount));
    }
}
