using System.Globalization;

namespace Bench.Reporting.Statistics;

/// <summary>How a number without a standard error is printed for people. Data files always carry all digits.</summary>
public sealed class NumberFormat
{
    private readonly Func<double, string> finite;

    private NumberFormat(Func<double, string> finite) => this.finite = finite;

    /// <summary>All digits: for counts that are small, such as seeds.</summary>
    public static NumberFormat Plain { get; } = new(value => value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Three digits and k, M, G or T: 832k, 1.24M.</summary>
    public static NumberFormat Compact { get; } = new(Shorten);

    /// <summary>A time in seconds as people say it: 42 s, 3 min 12 s, 1 h 05 min.</summary>
    public static NumberFormat Duration { get; } = new(Spell);

    /// <summary>Two digits that count, such as a probability has: 0.031, 1.4E-5.</summary>
    public static NumberFormat Significant { get; } = new(value => value is 0 or >= 0.0001 ? value.ToString("G2", CultureInfo.InvariantCulture) : value.ToString("0.0E0", CultureInfo.InvariantCulture));

    /// <summary>That many digits after the point.</summary>
    public static NumberFormat Fixed(int decimals) => new(value => Rounding.ToPlace(value, decimals));

    public string Text(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "−∞" : finite(value);

    private static string Shorten(double value)
    {
        double size = Math.Abs(value);
        foreach (var (scale, letter) in ((double, string)[])[(1e3, ""), (1e6, "k"), (1e9, "M"), (1e12, "G"), (1e15, "T")])
        {
            // 999.5 k would print as 1000k: the next letter takes it.
            double scaled = size / (scale / 1e3);
            if (scaled >= 999.5)
                continue;
            int decimals = letter.Length == 0 && value == Math.Floor(value) ? 0 : scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
            return (value < 0 ? "−" : "") + Rounding.ToPlace(scaled, decimals) + letter;
        }

        return value.ToString("E2", CultureInfo.InvariantCulture);
    }

    private static string Spell(double seconds)
    {
        if (seconds < 10)
            return Rounding.ToPlace(seconds, 1) + " s";
        long whole = (long)Math.Round(seconds);
        return whole switch
        {
            < 60 => $"{whole} s",
            < 3600 => $"{whole / 60} min {whole % 60:00} s",
            _ => $"{whole / 3600} h {whole % 3600 / 60:00} min",
        };
    }
}
