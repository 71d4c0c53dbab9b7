using System.Collections.Immutable;

namespace Bench.Cli.Display;

/// <summary>Numbers as a row of blocks, the lowest at the bottom and the highest at the top.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>The last of the numbers, one sign each; a number that is none is a gap.</summary>
    public static string Of(IEnumerable<double> numbers, int width)
    {
        ImmutableArray<double> shown = [.. numbers.TakeLast(width)];
        double[] finite = [.. shown.Where(double.IsFinite)];
        if (finite.Length == 0)
            return new string(' ', shown.Length);
        double low = finite.Min(), range = finite.Max() - low;
        return string.Concat(shown.Select(number => !double.IsFinite(number) ? ' ' : Blocks[range == 0 ? 0 : (int)Math.Round((number - low) / range * (Blocks.Length - 1))]));
    }
}
