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

/// <summary>MDLM's losses from fixed logits: masking, time and weight of each token.</summary>
public sealed class MdlmLoss : IGoldenFamily
{
    public string Family => "mdlm_loss";

    public string? Check(GoldenCase golden)
    {
        if (golden.Inputs.TryGetProperty("parameterization", out _))
            Diffusion(golden);
        else
            Autoregressive(golden);
        return null;
    }

    // Log-probabilities are given; position i predicts token i + 1.
    private static void Autoregressive(GoldenCase golden)
    {
        long[] shape = GoldenCase.Shape(golden.Inputs.GetProperty("x0"));
        var (rows, length) = ((int)shape[0], (int)shape[1]);
        long[] x0 = GoldenCase.Integers(golden.Inputs.GetProperty("x0"));
        long[] targets = [.. Enumerable.Range(0, rows).SelectMany(row => x0[((row * length) + 1)..((row + 1) * length)])];
        var network = new FixedLogits(GoldenCase.Real(golden.Inputs.GetProperty("log_probs")), maskId: golden.Count("vocab_size"));
        var nats = new NextToken(golden.Count("vocab_size"))
            .PerPosition(network, new ExampleBatch(targets, new long[rows]), default, default, CPU);
        double[] weights = [.. golden.Inputs.GetProperty("attention_mask").EnumerateArray().SelectMany(row => row.Numbers()[1..])];
        nats *= tensor(weights, nats.shape);
        golden.Expected.Match("nlls", nats);
        golden.Expected.Match("token_mean_loss", nats.sum().item<double>() / weights.Sum());
    }

    // Times, noisy tokens and the network's noise level, then the loss by the kind of its outputs.
    private static void Diffusion(GoldenCase golden)
    {
        string parameterization = golden.Text("parameterization");
        long[] shape = GoldenCase.Shape(golden.Inputs.GetProperty("x0"));
        var (rows, length) = ((int)shape[0], (int)shape[1]);
        int size = golden.Count("vocab_size"), steps = golden.Count("T");
        var order = new MaskLast(size, golden.Count("mask_index"));
        var draws = GoldenDraw.All(golden);
        double[] levels = draws[0].Uniforms(), masking = draws[1].Uniforms();
        if (golden.Has("antithetic"))
            levels = Strata.Of(rows, row => levels[row]);
        double floor = golden.Number("sampling_eps");
        var schedule = golden.Schedule();
        bool transforms = golden.Has("importance_sampling"), changes = golden.Has("change_of_variables");
        double[] times = [.. levels.Select(level => ((1 - floor) * level) + floor)];
        var uniform = transforms || changes ? LogUniform(golden, schedule) : null;
        // Importance sampling takes the time at which the schedule reaches the log-uniform share; the change of variables takes the share
        // itself.
        double[] sigma = [.. times.Select(t => uniform?.Sigma(t) ?? schedule.Sigma(t))];
        if (transforms)
            times = [.. sigma.Select(value => TimeAt(schedule, value))];
        if (steps > 0)
        {
            // They round t to the end of its step; where it stands exactly on one, ours would go on to the next.
            times = [.. times.Select(t => (Math.Floor(t * steps) + 1) / steps)];
            sigma = [.. times.Select(schedule.Sigma)];
        }

        golden.Expected.Match("t", times);
        if (!changes)
        {
            golden.Expected.Match("sigma", sigma);
            if (schedule is Linear)
                golden.Expected.MatchAll("dsigma", schedule.Rate(0)); // one number, or one for each time
            else
                golden.Expected.Match("dsigma", [.. times.Select(schedule.Rate)]);
        }

        golden.Expected.Match("backbone_sigma", golden.Has("time_conditioning") ? changes ? times : sigma : new double[rows]);
        long[] x0 = order.Of(GoldenCase.Integers(golden.Inputs.GetProperty("x0")));
        long[] xt = [.. x0.Select((token, i) => masking[i] < new Absorbing().At(sigma[i / length]).Mask ? size - 1 : token)];
        golden.Expected.Match("xt", order.Back(xt));

        var logits = order.Of(GoldenCase.Real(golden.Inputs.GetProperty("logits")));
        // SUBS masks them whether it is asked to or not, and scores have no use for it.
        if (golden.Has("subs_masking") && parameterization == "d3pm")
            logits = logits.masked_fill(arange(size, int64).eq(size - 1), -1e6);
        var network = new FixedLogits(logits);
        double[] perPosition = GivenNoise.Repeated(times, length);
        Tensor nats = parameterization switch
        {
            "subs" => Substituted(network, schedule, uniform, x0, xt, times, size, steps, length),
            "sedd" => Scores(network, schedule, x0, xt, perPosition, size, length),
            "d3pm" => InSteps(network, x0, xt, perPosition, size, steps, length),
            _ => throw new NotSupportedException($"no parameterization called {parameterization}"),
        };
        golden.Expected.Match("per_token_loss", nats);
        double[] mask = GoldenCase.Numbers(golden.Inputs.GetProperty("attention_mask"));
        nats *= tensor(mask, nats.shape);
        golden.Expected.Match("nlls", nats);
        golden.Expected.Match("token_mean_loss", nats.sum().item<double>() / mask.Sum());
    }

    private static Tensor Substituted(FixedLogits network, INoiseSchedule schedule, LogUniform? uniform, long[] x0, long[] xt,
        double[] times, int size, int steps, int length)
    {
        int rows = times.Length;
        var hyperschedule = Hyperschedule.Flat(length, Math.Max(1, steps));
        var setup = new DiffusionSetup(new Vocabulary("golden", size - 1), new Absorbing(), schedule, hyperschedule,
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Constant));
        var objective = new MaskedNelbo(setup, Continuous: steps == 0);
        // Their weight leaves out f_T of f_T − f_0; see LogUniform. In steps they take the masked share to be t.
        double[] weights = Array.ConvertAll(times, t => uniform is not null && steps == 0 ? -Math.Log(uniform.Least)
            : objective.Weight(At(t, steps), 0));
        var noisy = NoisyBatch.Of(setup, new ExampleBatch(x0, new long[rows]), xt,
            [.. Enumerable.Repeat(hyperschedule.Draw(0.5, _ => 0.5, continuous: true), rows)]);
        return CrossEntropy.Weighted(network, noisy, [.. xt.Select((token, i) => token == size - 1 ? weights[i / length] : 0)], size - 1,
            CPU);
    }

    private static Tensor Scores(FixedLogits network, INoiseSchedule schedule, long[] x0, long[] xt, double[] times, int size, int length)
    {
        var setup = GivenNoise.Setup(size - 1, new Absorbing(), schedule, length);
        return new ScoreEntropy(setup, ScaledBySigma: true).Of(network, GivenNoise.Batch(setup, x0, xt, times), CPU);
    }

    // Its bound takes the masked share to be t, whatever masked the tokens, and stops short of 1.
    private static Tensor InSteps(FixedLogits network, long[] x0, long[] xt, double[] times, int size, int steps, int length)
    {
        var setup = GivenNoise.Setup(size - 1, new Absorbing(), new LogLinear(0), length, depth: steps);
        var batch = GivenNoise.Batch(setup, x0, xt, Array.ConvertAll(times, t => Math.Min(t, 1 - 1e-4)));
        batch = NoisyBatch.Of(setup, batch.Clean, xt,
            [.. batch.LevelDraws.Select(now => now with { Next = [.. now.Times.Select(t => t - (1.0 / steps))], Weight = steps })]);
        var objective = new D3pm(setup);
        return objective.Steps(network, batch, CPU) + objective.Reconstruction(network, batch, CPU);
    }

    private static LevelDraw At(double t, int steps) =>
        new([0], [t], steps > 0 ? [Math.Round((t * steps) - 1) / steps] : null, Math.Max(1, steps));

    // The public log-linear schedule runs from σ = ε to −ln ε, the others from their least to their most; the shares at those ends bound
    // the log-uniform one.
    private static LogUniform LogUniform(GoldenCase golden, INoiseSchedule schedule) => schedule is LogLinear
        ? new(1 - Math.Exp(-golden.Number("noise_eps")), 1 - golden.Number("noise_eps"))
        : new(schedule.Jumped(0), schedule.Jumped(1));

    private static double TimeAt(INoiseSchedule schedule, double sigma) => schedule switch
    {
        LogLinear logLinear => (1 - Math.Exp(-sigma)) / (1 - logLinear.Epsilon),
        Linear => (sigma - schedule.Sigma(0)) / (schedule.Sigma(1) - schedule.Sigma(0)),
        _ => throw new NotSupportedException($"the public code transforms no times of the {schedule.Name} schedule"),
    };
}
