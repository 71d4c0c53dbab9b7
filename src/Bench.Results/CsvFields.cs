using System.Globalization;
using CsvHelper;

namespace Bench.Results;

/// <summary>The fields of one row, by column name.</summary>
public readonly struct CsvFields
{
    private readonly CsvReader csv;

    internal CsvFields(CsvReader csv) => this.csv = csv;

    public string Text(string column) => SpreadsheetText.Unescape(csv.GetString(column));

    public double Number(string column) => Optional(column) ?? throw new FormatException($"{column} is empty");

    public double? Optional(string column)
    {
        string text = Text(column);
        if (text.Length == 0)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new FormatException($"{column} is '{text}', which is not a number");
    }

    /// <summary>A number that is neither infinite nor NaN.</summary>
    public double Finite(string column) => Number(column) is var number && double.IsFinite(number)
        ? number
        : throw new FormatException($"{column} is {number}, and not finite");

    public long Whole(string column) => OptionalWhole(column) ?? throw new FormatException($"{column} is empty");

    public long? OptionalWhole(string column)
    {
        string text = Text(column);
        if (text.Length == 0)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"{column} is '{text}', which is not a whole number");
    }
}
