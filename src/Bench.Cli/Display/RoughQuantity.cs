using System.Globalization;

namespace Bench.Cli.Display;

/// <summary>Quantities that are estimates: two digits are all there is to say.</summary>
internal static class RoughQuantity
{
    private const double Minute = 60, Hour = 3600, Day = 86_400, Year = 365 * Day;

    /// <summary>For example 20 s, 14 min, 2.5 h, 12 days or 9.5 years.</summary>
    public static string Time(double seconds) => seconds switch
    {
        < 1 => "< 1 s",
        < 1.5 * Minute => $"{Digits(seconds)} s",
        < 1.5 * Hour => $"{Digits(seconds / Minute)} min",
        < 2 * Day => $"{Digits(seconds / Hour)} h",
        < 2 * Year => $"{Digits(seconds / Day)} days",
        _ => $"{Digits(seconds / Year)} years",
    };

    /// <summary>For example 25 M.</summary>
    public static string Count(double count) => Scaled(count, ["", "k", "M", "G", "T", "P"]);

    /// <summary>Bytes, for example 1.2 GB.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, ["bytes", "kB", "MB", "GB", "TB", "PB"]);

    /// <summary>Floating-point operations, for example 1.2 PFLOP.</summary>
    public static string Flops(double operations) => Scaled(operations, ["FLOP", "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP", "ZFLOP"]);

    private static string Scaled(double value, string[] units)
    {
        int unit = 0;
        for (; value >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return $"{(unit == 0 ? value.ToString("0", CultureInfo.InvariantCulture) : Digits(value))} {units[unit]}".TrimEnd();
    }

    // Two digits, and of large numbers all.
    private static string Digits(double value)
    {
        if (value == 0)
            return "0";
        if (value >= 99.5)
            return value.ToString("N0", CultureInfo.InvariantCulture);
        int decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10(value * 1.005)), 0, 6);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
