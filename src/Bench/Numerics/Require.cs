using System.Numerics;
using System.Runtime.CompilerServices;

namespace Bench.Numerics;

/// <summary>
/// Guards that return what they checked, so that a value can be checked where it is stored. The message names the value, its number and the
/// reason.
/// </summary>
public static class Require
{
    /// <summary>A number in [0, 1]: a probability or a mixing weight.</summary>
    public static double UnitInterval(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and <= 1 ? value : throw Outside(name, value, "it lies in [0, 1]");

    /// <summary>A number in (0, 1): a time or a quantile that avoids both ends.</summary>
    public static double OpenUnitInterval(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is > 0 and < 1 ? value : throw Outside(name, value, "it lies strictly between 0 and 1");

    /// <summary>A number in [0, 1): a share that leaves something.</summary>
    public static double PartOfUnity(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw Outside(name, value, "it is 0 or more and less than 1");

    /// <summary>A finite number above 0.</summary>
    public static T Positive<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        value > T.Zero && T.IsFinite(value) ? value : throw Outside(name, value, "it is a finite number above 0");

    /// <summary>A finite number that is 0 or more.</summary>
    public static T NonNegative<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        value >= T.Zero && T.IsFinite(value) ? value : throw Outside(name, value, "it is a finite number, 0 or more");

    /// <summary>A number that is neither infinite nor NaN.</summary>
    public static T Finite<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        T.IsFinite(value) ? value : throw Outside(name, value, "it is a finite number");

    /// <summary>A number in [<paramref name="least"/>, <paramref name="most"/>].</summary>
    public static T Within<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        value >= least && value <= most ? value : throw Outside(name, value, $"it lies in [{least}, {most}]");

    /// <summary>A finite number that is not below another one.</summary>
    public static T AtLeast<T>(T value, T least, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T> =>
        value >= least && T.IsFinite(value) ? value : throw Outside(name, value, $"it is a finite number, {least} or more");

    /// <summary>An index into something that has <paramref name="count"/> entries.</summary>
    public static T Index<T>(T value, T count, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : IBinaryInteger<T> =>
        value >= T.Zero && value < count ? value : throw Outside(name, value, $"it is an index into {count} entries, counted from 0");

    /// <summary>A length that another length prescribes.</summary>
    public static int Length(int value, int expected, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value == expected ? value : throw Outside(name, value, $"it must be {expected}");

    /// <summary>A text with at least one character that is not white space.</summary>
    public static string NotBlank(string value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        string.IsNullOrWhiteSpace(value) ? throw new ArgumentException($"{name} is empty, but it names something", name) : value;

    private static ArgumentOutOfRangeException Outside<T>(string name, T value, string why) =>
        new(name, value, $"{name} is {value}, but {why}");
}
