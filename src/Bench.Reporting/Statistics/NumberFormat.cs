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
    public static NumberFormat Significant { get; } =
        new(value => value is 0 or >= 0.0001 ? value.ToString("G2", CultureInfo.InvariantCulture)
            : value.ToString("0.0E0", CultureInfo.InvariantCulture));

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

/// <summary>How many digits a standard error supports.</summary>
internal static class Rounding
{
    /// <summary>The decimal place of the last digit worth printing: 3 is a thousandth, -1 is a ten.</summary>
    public static int Place(double error)
    {
        int exponent = (int)Math.Floor(Math.Log10(error));

        // Three leading digits, 100 to 1000: up to 354 two digits are kept, up to 949 one; 950 and more round up to
        // 1000, of which two are kept, and that is the same place as one digit of 950.
        double leading = Math.Round(error / Math.Pow(10, exponent - 2));
        return leading <= 354 ? 1 - exponent : -exponent;
    }

    /// <summary>The value rounded to that place, with trailing zeros; half goes to even.</summary>
    public static string ToPlace(double value, int place)
    {
        if (Math.Abs(value) >= 1e15 || place > 15)
            return value.ToString("E2", CultureInfo.InvariantCulture);

        // In decimal, so that 0.125 is a half and 1.005 is what was written.
        decimal exact = (decimal)value;
        if (place >= 0)
            return Signed(Math.Round(exact, place, MidpointRounding.ToEven)).ToString($"F{place}", CultureInfo.InvariantCulture);

        decimal unit = (decimal)Math.Pow(10, -place);
        return Signed(Math.Round(exact / unit, MidpointRounding.ToEven) * unit).ToString("F0", CultureInfo.InvariantCulture);
    }

    // No minus before a zero.
    private static decimal Signed(decimal value) => value == 0 ? 0 : value;
}
