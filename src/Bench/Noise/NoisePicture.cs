using System.Globalization;
using Bench.Noise.Schedules;

namespace Bench.Noise;

/// <summary>The marginals of a noise process over time as a table of characters: what is kept, what is a random word, what is masked.</summary>
public static class NoisePicture
{
    /// <summary>Kept, uniform, masked.</summary>
    public const string Signs = "█▒·";

    /// <summary>A line of words, and then one a time from 0 to 1: numbers, and a bar of which each sign takes its share.</summary>
    /// <param name="process">The noise.</param>
    /// <param name="schedule">σ(t).</param>
    /// <param name="times">Lines, at least 2.</param>
    /// <param name="width">Characters of the bar.</param>
    public static IEnumerable<string> Lines(INoiseProcess process, INoiseSchedule schedule, int times = 11, int width = 50)
    {
        yield return $"   t    keep  uniform    mask   {Signs[0]} kept, {Signs[1]} a random word, {Signs[2]} masked";
        for (int line = 0; line < times; line++)
        {
            double t = (double)line / (times - 1);
            var (keep, uniform, mask) = process.At(schedule.Sigma(t));
            // At time 0 shares may be −0.
            (uniform, mask) = (Math.Abs(uniform), Math.Abs(mask));
            int kept = Rounded(keep * width), words = Rounded((keep + uniform) * width);
            string bar = new string(Signs[0], kept) + new string(Signs[1], words - kept) + new string(Signs[2], width - words);
            yield return string.Create(CultureInfo.InvariantCulture, $"{t,4:0.00}  {keep,6:0.0000}   {uniform,6:0.0000}  {mask,6:0.0000}   {bar}");
        }
    }

    private static int Rounded(double value) => (int)Math.Round(value, MidpointRounding.AwayFromZero);
}
