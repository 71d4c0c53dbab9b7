using Bench.Data;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>MDLM's losses from fixed logits: masking, time and weight of each token.</summary>
public sealed class MdlmLoss : IGoldenFamily
{
    public string Family => "mdlm_loss";

    public string? Check(GoldenCase golden) => golden.Inputs.TryGetProperty("parameterization", out var parameterization)
        ? parameterization.GetString() == "subs" ? Substitution(golden) : Other(golden, parameterization.GetString()!)
        : Autoregressive(golden);

    // Log-probabilities are given; position i predicts token i + 1.
    private static string? Autoregressive(GoldenCase golden)
    {
        long[] shape = GoldenCase.Shape(golden.Inputs.GetProperty("x0"));
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        long[] targets = [.. Enumerable.Range(0, (int)shape[0]).SelectMany(row => x0[(int)((row * shape[1]) + 1)..(int)((row + 1) * shape[1])])];
        var network = new FixedLogits(GoldenCase.Real(golden.Inputs.GetProperty("log_probs")), maskId: golden.Count("vocab_size"));
        var nats = new NextToken(golden.Count("vocab_size")).PerPosition(network, new TokenBatch(targets, new long[shape[0]]), default, default, CPU);
        double[] weights = Mask(golden, firstColumn: 1);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("nlls")), nats * tensor(weights, nats.shape), what: "nlls");
        return null;
    }

    private static string? Substitution(GoldenCase golden)
    {
        long[] shape = GoldenCase.Shape(golden.Inputs.GetProperty("x0"));
        var (rows, length) = ((int)shape[0], (int)shape[1]);
        int size = golden.Count("vocab_size");
        var order = new MaskLast(size, golden.Count("mask_index"));
        var draws = golden.Inputs.GetProperty("draws");
        double[] u = GoldenCase.Numbers(draws[0].GetProperty("values"));
        int? steps = golden.Count("T") is > 0 and var finite ? finite : null;
        bool logUniform = golden.Has("importance_sampling") || golden.Has("change_of_variables");
        INoiseSchedule schedule = logUniform ? LogUniform(golden) : golden.Schedule();
        var path = Hyperschedule.Flat(length, steps ?? 1);
        var problem = new Denoising(new Vocabulary("golden", size - 1), new Absorbing(), schedule, path, new BackboneView(Shifted: false, Attention.Full, Conditioning.Constant));
        var objective = new MaskedNelbo(problem, Continuous: steps is null);

        var (sigma, weights) = (new double[rows], new double[rows]);
        for (int row = 0; row < rows; row++)
        {
            double level = golden.Has("antithetic") ? ((u[row] / rows) + ((double)row / rows)) % 1 : u[row];
            double epsilon = golden.Number("sampling_eps");
            double t = ((1 - epsilon) * level) + epsilon;
            // They round t to the end of its step; where it stands exactly on one, ours would go on to the next.
            t = steps is { } count ? (Math.Floor(t * count) + 1) / count : t;
            sigma[row] = schedule.Sigma(t);
            // Their weight leaves out f_T of f_T − f_0; see LogUniform.
            weights[row] = logUniform ? -Math.Log(((LogUniform)schedule).Least) : objective.Weight(At(t, steps), 0);
        }

        double[] masking = GoldenCase.Numbers(draws[1].GetProperty("values"));
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0")));
        long[] xt = [.. x0.Select((token, i) => masking[i] < new Absorbing().At(sigma[i / length]).Mask ? size - 1 : token)];
        Assert.Equal(order.Of(GoldenCase.Integers(golden.Expected.GetProperty("xt"))), xt);
        var noisy = NoisyBatch.Of(problem, new TokenBatch(x0, new long[rows]), xt, [.. Enumerable.Repeat(path.Draw(0.5, _ => 0.5, continuous: true), rows)]);
        double[] perPosition = [.. xt.Select((token, i) => token == size - 1 ? weights[i / length] : 0)];
        var nats = CrossEntropy.Weighted(new FixedLogits(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits")))), noisy, perPosition, size - 1, CPU);
        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("per_token_loss")), nats, what: "per-token loss");
        double[] mask = Mask(golden, firstColumn: 0);
        Close.Assert(golden.Expected.GetProperty("token_mean_loss").GetDouble(), (nats * tensor(mask, nats.shape)).sum().item<double>() / mask.Sum(), what: "mean loss");
        return null;
    }

    // SEDD and D3PM, from the times and noisy tokens that the draws led to.
    private static string? Other(GoldenCase golden, string parameterization)
    {
        int size = golden.Count("vocab_size"), length = (int)GoldenCase.Shape(golden.Inputs.GetProperty("x0"))[1], steps = golden.Count("T");
        var order = new MaskLast(size, golden.Count("mask_index"));
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0"))), xt = order.Of(GoldenCase.Integers(golden.Expected.GetProperty("xt")));
        var network = new FixedLogits(order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits"))));
        double[] times = GivenNoise.Repeated(GoldenCase.Numbers(golden.Expected.GetProperty("t")), length);
        Tensor nats;
        if (parameterization == "sedd")
        {
            var problem = GivenNoise.Problem(size - 1, new Absorbing(), golden.Schedule(), length);
            nats = new ScoreEntropy(problem, ScaledBySigma: true).Of(network, GivenNoise.Batch(problem, x0, xt, times), CPU);
        }
        else
        {
            // Its bound takes the masked share to be t, whatever masked the tokens, and stops short of 1.
            var problem = GivenNoise.Problem(size - 1, new Absorbing(), new LogLinear(0), length, depth: steps);
            var batch = GivenNoise.Batch(problem, x0, xt, Array.ConvertAll(times, t => Math.Min(t, 1 - 1e-4)));
            batch = NoisyBatch.Of(problem, batch.Clean, xt, [.. batch.Snapshots.Select(now => now with { Next = [.. now.Times.Select(t => t - (1.0 / steps))], Weight = steps })]);
            var objective = new D3pm(problem);
            nats = objective.Steps(network, batch, CPU) + objective.Reconstruction(network, batch, CPU);
        }

        Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty("per_token_loss")), nats, what: "per-token loss");
        double[] mask = Mask(golden, firstColumn: 0);
        Close.Assert(golden.Expected.GetProperty("token_mean_loss").GetDouble(), (nats * tensor(mask, nats.shape)).sum().item<double>() / mask.Sum(), what: "mean loss");
        return null;
    }

    private static Snapshot At(double t, int? steps) => new([0], [t], steps is { } count ? [Math.Round((t * count) - 1) / count] : null, steps ?? 1);

    // The public log-linear schedule runs from σ = 1e-3 + its value at 0 to −ln ε; the shares at those ends bound the log-uniform one.
    private static LogUniform LogUniform(GoldenCase golden) => new(1 - Math.Exp(-golden.Number("noise_eps")), 1 - golden.Number("noise_eps"));

    private static double[] Mask(GoldenCase golden, int firstColumn)
    {
        var rows = golden.Inputs.GetProperty("attention_mask");
        return [.. rows.EnumerateArray().SelectMany(row => GoldenCase.Numbers(row)[firstColumn..])];
    }
}
