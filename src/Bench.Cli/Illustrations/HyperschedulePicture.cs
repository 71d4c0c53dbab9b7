using System.Globalization;
using System.Text;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;

namespace Bench.Cli.Illustrations;

/// <summary>A hyperschedule as a heat map of characters: steps go down, positions across, the darker the noisier.</summary>
internal static class HyperschedulePicture
{
    /// <summary>A dot where settled, a full block where nothing but noise.</summary>
    public const string Shades = "·░▒▓█";

    /// <summary>
    /// The lines of the picture, before the first step to after the last. What is larger than the picture is thinned out evenly; the first
    /// and the last line stay.
    /// </summary>
    /// <param name="hyperschedule">The hyperschedule.</param>
    /// <param name="width">The most positions shown.</param>
    /// <param name="height">The most lines, at least 2.</param>
    public static IEnumerable<string> Lines(Hyperschedule hyperschedule, int width = 80, int height = 40)
    {
        var (columns, rows) = (Math.Clamp(width, 1, hyperschedule.Length), Math.Clamp(height, 2, hyperschedule.Steps + 1));
        for (int row = 0; row < rows; row++)
        {
            int step = (int)((long)row * hyperschedule.Steps / (rows - 1));
            yield return string.Create(columns, (hyperschedule, step), static (line, at) =>
            {
                for (int column = 0; column < line.Length; column++)
                    line[column] = Shade(at.hyperschedule, at.step, (int)((long)column * at.hyperschedule.Length / line.Length));
            });
        }
    }

    private static char Shade(Hyperschedule hyperschedule, int step, int position)
    {
        int level = hyperschedule.LevelAt(step, position);
        if (level == 0 || level == hyperschedule.Depth)
            return level == 0 ? Shades[0] : Shades[^1];
        return Shades[1 + ((level - 1) * (Shades.Length - 2) / (hyperschedule.Depth - 1))];
    }
}

/// <summary>An attention mask as characters: queries go down, keys across.</summary>
internal static class AttentionPicture
{
    /// <summary>A line a query: # for a key that it may attend to, a dot for one that it may not.</summary>
    /// <param name="mask">[C][C] query by key.</param>
    /// <param name="width">Columns of a terminal: where they are too few, no space stands between keys.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<bool>> mask, int width = 120)
    {
        string between = (2 * mask.Count) - 1 <= width ? " " : "";
        return mask.Select(keys => string.Join(between, keys.Select(seen => seen ? '#' : '.')));
    }
}

/// <summary>
/// The marginals of a noise process over time as a table of characters: the shares of kept, uniform and masked tokens.
/// </summary>
internal static class NoisePicture
{
    /// <summary>Kept, uniform, masked.</summary>
    public const string Signs = "█▒·";

    /// <summary>A heading, and then one line a time from 0 to 1: numbers, and a bar of which each sign takes its share.</summary>
    /// <param name="process">The noise.</param>
    /// <param name="schedule">σ(t).</param>
    /// <param name="times">Lines, at least 2.</param>
    /// <param name="width">Characters of the bar.</param>
    public static IEnumerable<string> Lines(INoiseProcess process, INoiseSchedule schedule, int times = 11, int width = 50)
    {
        string[] names = [.. Marginal.Clean.Parts.Select(part => part.Name)];
        int[] columns = [.. names.Select(name => Math.Max(6, name.Length))];
        yield return $"   t  {string.Join("  ", names.Zip(columns, (name, column) => name.PadLeft(column)))}   "
            + $"{Signs[0]} kept, {Signs[1]} uniform, {Signs[2]} masked";
        for (int line = 0; line < times; line++)
        {
            double t = (double)line / (times - 1);
            // At time 0 weights may be −0.
            double[] weights = [.. process.At(schedule.Sigma(t)).Parts.Select(part => Math.Abs(part.Weight))];
            var (bar, sum) = (new StringBuilder(width), 0.0);
            foreach (var (i, weight) in weights.Index())
            {
                sum += weight;
                bar.Append(Signs[i], (i == weights.Length - 1 ? width : Rounded(sum * width)) - bar.Length);
            }

            string numbers = string.Join("  ", weights.Zip(columns, (weight, column) =>
                weight.ToString("0.0000", CultureInfo.InvariantCulture).PadLeft(column)));
            yield return string.Create(CultureInfo.InvariantCulture, $"{t,4:0.00}  {numbers}   {bar}");
        }
    }

    private static int Rounded(double value) => (int)Math.Round(value, MidpointRounding.AwayFromZero);
}
