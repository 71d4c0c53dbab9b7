using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Bench.Objectives.Released;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>GIDD's bound, its weights and its training losses, and the masked loss beside them.</summary>
public sealed class GiddLossFamily : IGoldenFamily
{
    private const double Tolerance = 1e-9;

    // Its share of uniform words is never quite zero.
    private static readonly double Floor = Math.Exp(-20);

    public string Family => "gidd_loss";

    public string? Check(GoldenCase golden)
    {
        bool masked = golden.Json.GetProperty("group").GetString() == "mdlm";
        int size = golden.Count("vocab_size");
        double[] times = GoldenCase.Numbers(golden.Inputs.GetProperty("t"));
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0"))), z = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("z_t")));
        int length = x0.Length / times.Length;
        INoiseProcess process = masked ? new Absorbing() : new Gidd(Math.Max(Floor, golden.Number("p_uniform")), golden.Number("gamma"));
        var problem = new Denoising(
            new Vocabulary("golden", size - 1), process, new LogLinear(masked ? golden.Number("eps") : 0), Hyperschedule.Flat(length, 1),
            new BackboneView(Shifted: false, Attention.Full, Conditioning.Sigma));
        var batch = NoisyBatch.Of(problem, new TokenBatch(x0, new long[times.Length]), z, [.. times.Select(t => new Snapshot([.. new int[length]], [.. Enumerable.Repeat(t, length)], null, 1))]);
        var network = new FixedLogits(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))));

        Func<IDenoiser, NoisyBatch, Device, Tensor> bound = masked ? new MaskedNelbo(problem).Of : new Nelbo(problem, Continuous: true).Of;
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("elbo")), bound(network, batch, CPU), Tolerance, "elbo");
        if (masked)
        {
            Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("loss")), bound(network, batch, CPU), Tolerance, "loss");
            return null;
        }

        string weighting = golden.Inputs.GetProperty("loss_weighting").GetString()!;
        var loss = new GiddLoss(problem, weighting == "dynamic" ? new ReleasedDynamicWeights() : new ClippedWeights(weighting == "clip" ? golden.Number("max_loss_weight") : double.MaxValue));
        double[] own = Weights(loss.BoundWeight), used = Weights(loss.Weight);
        Close.Assert(GoldenCase.Numbers(golden.Json.GetProperty("exact").GetProperty("elbo_weights")), own, 1e-9, "exact weights of the bound");
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("elbo_weights")), own, 1e-9, "weights of the bound");
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("loss_weights")), used, 1e-9, "weights of the loss");
        var nats = loss.Of(network, batch, CPU);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("loss")), nats, Tolerance, "loss");
        Close.Assert(golden.Expected.GetProperty("loss_tokenmean").GetDouble(), nats.mean().item<double>(), Tolerance, "mean loss");
        return null;

        double[] Weights(Func<double, bool, bool, double> of) => [.. z.Select((token, at) => of(times[at / length], token == size - 1, token == x0[at]))];
    }
}
