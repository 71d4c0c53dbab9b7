using System.Text.Json;
using Bench.Noise.Schedules;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>One case of a file of golden vectors: numbers that a public implementation computed from the inputs beside them. It remembers
/// what was read and compared, so it is made anew for each check.</summary>
public sealed class GoldenCase
{
    private readonly JsonElement json;

    public GoldenCase(string family, JsonElement json)
    {
        (Family, this.json) = (family, json);
        Inputs = GoldenInput.Of(json.GetProperty("inputs"));
        Expected = new(json.TryGetProperty("expected", out var expected) ? expected : default);
        Exact = new(json.TryGetProperty("exact", out var exact) ? exact : default);
    }

    public string Family { get; }

    public string Name => json.GetProperty("name").GetString()!;

    public string Group => json.GetProperty("group").GetString()!;

    public string Function => json.GetProperty("function").GetString()!;

    public GoldenInput Inputs { get; }

    /// <summary>What the public code returned; without fields where the file has mathematics alone.</summary>
    public GoldenResult Expected { get; }

    /// <summary>What the mathematics says; without fields where the file has none.</summary>
    public GoldenResult Exact { get; }

    public bool HasExact => json.TryGetProperty("exact", out _);

    /// <summary>A number or a nested list, row-major.</summary>
    public static double[] Numbers(GoldenInput input) => input.Numbers();

    public static long[] Integers(GoldenInput input) => Array.ConvertAll(input.Numbers(), number => (long)number);

    public static long[] Shape(GoldenInput input) => input.Shape();

    /// <summary>A float64 tensor of the list's shape.</summary>
    public static Tensor Real(GoldenInput input) => input.Real();

    /// <summary>An int64 tensor of the list's shape.</summary>
    public static Tensor Whole(GoldenInput input) => input.Whole();

    public double Number(string input) => Inputs.GetProperty(input).GetDouble();

    public int Count(string input) => Inputs.GetProperty(input).GetInt32();

    public string Text(string input) => Inputs.GetProperty(input).GetString()!;

    /// <summary>Length of the rows of an input.</summary>
    public int Length(string input) => (int)Shape(Inputs.GetProperty(input))[1];

    /// <summary>Whether an input is true; one that is not there is false.</summary>
    public bool Has(string input) => Inputs.TryGetProperty(input, out var value) && value.GetBoolean();

    /// <summary>Checks an input for which the mathematics leaves one value only.</summary>
    public void Only(string input, double value, string reason) => Only(input, Number(input) == value, $"{value}: {reason}");

    /// <summary>Checks an input whose value follows from others.</summary>
    public void Only(string input, bool holds, string reason)
    {
        if (!holds)
        {
            var given = json.GetProperty("inputs").GetProperty(input);
            throw new XunitException($"{Family}/{Name}: {input} is {given}, but has to be {reason}");
        }
    }

    /// <summary>The noise schedule that the files of the MDLM family name in their inputs.</summary>
    public INoiseSchedule Schedule()
    {
        string noise = Text("noise");
        double epsilon = Number("noise_eps"); // of the log-linear one alone, and beside the others, too
        return noise switch
        {
            "loglinear" => new LogLinear(epsilon),
            "linear" => new Linear(Number("sigma_min"), Number("sigma_max")),
            "geometric" => new Geometric(Number("sigma_min"), Number("sigma_max")),
            _ => throw new NotSupportedException($"no noise schedule called {noise}"),
        };
    }
}
