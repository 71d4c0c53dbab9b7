using System.Globalization;

namespace Bench.Cli;

/// <summary>Quantities formatted for reading.</summary>
internal static class Quantity
{
    /// <summary>For example 0:07, 3:12 or 1:02:45.</summary>
    public static string Time(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
            return "?";
        var time = TimeSpan.FromSeconds(Math.Min(Math.Round(seconds), 3.6e6));
        return time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
    }

    /// <summary>For example 4.1 MB; powers of ten, as registries and disks count.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => $"{bytes} bytes",
    };

    /// <summary>For example 15,300.</summary>
    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
