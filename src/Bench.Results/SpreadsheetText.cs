using System.Globalization;

namespace Bench.Results;

/// <summary>
/// Text in cells of a CSV file. Spreadsheets run any cell that begins like a formula; one with an apostrophe in
/// front is text to them (OWASP, CSV injection). CsvHelper's own protection would escape negative numbers too, and takes nothing
/// away again.
/// </summary>
internal static class SpreadsheetText
{
    private const char Apostrophe = '\'';
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>
    /// The text with an apostrophe in front where it begins like a formula, or like what this method makes of one. Numbers and
    /// single signs are no formulas.
    /// </summary>
    public static string Escape(string text) => text.Length > 1 && BeginsLikeFormula(text) && !IsNumber(text) ? Apostrophe + text : text;

    /// <summary>What was escaped.</summary>
    public static string Unescape(string text) => text.Length > 0 && text[0] == Apostrophe && BeginsLikeFormula(text) ? text[1..] : text;

    private static bool IsNumber(string text) => double.TryParse(text, Plain, CultureInfo.InvariantCulture, out _);

    private static bool BeginsLikeFormula(string text) =>
        text.AsSpan().TrimStart(Apostrophe) is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];
}
