using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;

namespace Bench.Tests.Golden;

/// <summary>Noise as the files of the SEDD and HDLM families name it, and noisy batches at times that a file gives.</summary>
internal static class GivenNoise
{
    /// <summary>σ(t); each public code has its own default for the clean share.</summary>
    public static INoiseSchedule Schedule(GoldenCase golden, double epsilon)
    {
        var parameters = golden.Inputs.GetProperty("noise_params");
        double Parameter(string name) => parameters.GetProperty(name).GetDouble();
        return golden.Text("noise") switch
        {
            "loglinear" => new LogLinear(parameters.TryGetProperty("eps", out var given) ? given.GetDouble() : epsilon),
            "geometric" => new Geometric(Parameter("sigma_min"), Parameter("sigma_max")),
            var noise => throw new NotSupportedException($"no noise schedule called {noise}"),
        };
    }

    /// <summary>The clean share that the parameters give, or the default of a public code; the files repeat it.</summary>
    public static double Epsilon(GoldenCase golden, double epsilon)
    {
        epsilon = golden.Inputs.GetProperty("params").TryGetProperty("eps", out var given) ? given.GetDouble() : epsilon;
        golden.Only("effective_eps", epsilon, "the one that is given, or the default of the public code");
        return epsilon;
    }

    public static DiffusionSetup Setup(int tokenCount, INoiseProcess process, INoiseSchedule schedule, int length, int depth = 1) =>
        new(new Vocabulary("golden", tokenCount), process, schedule, Hyperschedule.Flat(length, depth),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));

    /// <summary>Noisy tokens, each at a time of its own, in infinitely short steps.</summary>
    public static NoisyBatch Batch(DiffusionSetup setup, long[] x0, long[] xt, double[] times)
    {
        int length = setup.Hyperschedule.Length, rows = x0.Length / length;
        return NoisyBatch.Of(
            setup, new ExampleBatch(x0, new long[rows]), xt,
            [.. Enumerable.Range(0, rows)
                .Select(
                    row => new LevelDraw([.. new int[length]], [.. times[(row * length)..((row + 1) * length)]], Next: null, Weight: 1))]);
    }

    /// <summary>The same time for every position of a row.</summary>
    public static double[] Repeated(double[] times, int length) => [.. times.SelectMany(t => Enumerable.Repeat(t, length))];
}
