using System.Text.Json;

namespace Bench.Tests.Golden;

/// <summary>Numbers as golden files write them: nested lists in row-major order, and words for what JSON has no number for.</summary>
internal static class GoldenNumbers
{
    public static double[] Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(Of)],
        JsonValueKind.String => [element.GetString() switch
        {
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            "NaN" => double.NaN,
            var text => throw new InvalidDataException($"'{text}' is no number; a golden file writes NaN, Infinity or -Infinity"),
        }],
        JsonValueKind.True => [1],
        JsonValueKind.False => [0],
        _ => [element.GetDouble()],
    };

    public static long[] Shape(JsonElement element)
    {
        List<long> shape = [];
        for (; element.ValueKind == JsonValueKind.Array; element = element[0])
        {
            shape.Add(element.GetArrayLength());
            if (shape[^1] == 0)
                break;
        }

        return [.. shape];
    }
}
