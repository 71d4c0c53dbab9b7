using System.Globalization;

namespace Bench.Reporting.Statistics;

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
