using System.Text.Json;
using Bench.Noise;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>One case of a file of golden vectors: numbers that a public implementation computed from the inputs beside them.</summary>
public sealed record GoldenCase(string Family, JsonElement Json)
{
    public string Name => Json.GetProperty("name").GetString()!;

    public string Function => Json.GetProperty("function").GetString()!;

    public JsonElement Inputs => Json.GetProperty("inputs");

    public JsonElement Expected => Json.GetProperty("expected");

    /// <summary>A number or a nested list, row-major.</summary>
    public static double[] Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Numbers)],
        JsonValueKind.String => [element.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN }],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [element.GetDouble()],
    };

    public static long[] Integers(JsonElement element) => Array.ConvertAll(Numbers(element), number => (long)number);

    public static long[] Shape(JsonElement element)
    {
        List<long> shape = [];
        for (; element.ValueKind == JsonValueKind.Array; element = element[0])
            shape.Add(element.GetArrayLength());
        return [.. shape];
    }

    /// <summary>A float64 tensor of the list's shape.</summary>
    public static Tensor Real(JsonElement element) => tensor(Numbers(element), Shape(element));

    /// <summary>An int64 tensor of the list's shape.</summary>
    public static Tensor Whole(JsonElement element) => tensor(Integers(element), Shape(element));

    public double Number(string input) => Inputs.GetProperty(input).GetDouble();

    public int Count(string input) => Inputs.GetProperty(input).GetInt32();

    /// <summary>Columns of an input that has rows.</summary>
    public int Length(string input) => (int)Shape(Inputs.GetProperty(input))[1];

    public bool Has(string input) => Inputs.TryGetProperty(input, out var value) && value.ValueKind is JsonValueKind.True;

    /// <summary>The noise schedule that the files of the MDLM family name in their inputs.</summary>
    public INoiseSchedule Schedule() => Inputs.GetProperty("noise").GetString() switch
    {
        "loglinear" => new LogLinear(Number("noise_eps")),
        "linear" => new Linear(Number("sigma_min"), Number("sigma_max")),
        "geometric" => new Geometric(Number("sigma_min"), Number("sigma_max")),
        var noise => throw new NotSupportedException($"no noise schedule called {noise}"),
    };
}
