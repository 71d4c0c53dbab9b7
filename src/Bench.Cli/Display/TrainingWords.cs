using System.Globalization;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>A point of the training log in words: loss, speed, time left.</summary>
internal static class TrainingWords
{
    public static string Of(TrainingPoint point, long steps)
    {
        double tokensLeft = (double)point.Tokens / Math.Max(1, point.Step) * (steps - point.Step);
        string bits = point.ValidationBits is { } value ? string.Create(CultureInfo.InvariantCulture, $", validation {value:0.000} bits") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"loss {point.Loss / Math.Log(2):0.000} bits{bits}, {Quantity.Count(point.TokensPerSecond)} tokens/s, {Quantity.Time(tokensLeft / point.TokensPerSecond)} left");
    }
}
