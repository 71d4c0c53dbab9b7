using System.Globalization;
using CsvHelper;

namespace Bench.Results;

/// <summary>
/// The one dialect of CSV here: comma, UTF-8, line feeds, doubles that read back as the same double. Equal numbers
/// give equal bytes. Text that a spreadsheet would run as a formula is escaped (<see cref="SpreadsheetText"/>), and reads back as it was.
/// </summary>
public static class CsvFormat
{
    private static readonly CsvWriterOptions Writing =
        new() { Separator = ',', NewLine = "\n", FormatProvider = CultureInfo.InvariantCulture };

    private static readonly CsvReaderOptions Reading = new()
    {
        Separator = ',',
        HasHeader = true,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        FormatProvider = CultureInfo.InvariantCulture,
    };

    /// <summary>Rows with their line ends.</summary>
    public static string Text(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text, Writing, leaveOpen: true))
        {
            foreach (var row in rows)
                csv.WriteRecord([.. row.Select(SpreadsheetText.Escape)]);
        }

        return text.ToString();
    }

    /// <summary>The shortest text that reads back as the same double.</summary>
    public static string Field(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The same, and nothing for null.</summary>
    public static string Field(double? value) => value is { } number ? Field(number) : "";

    public static string Field(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Field(long? value) => value is { } number ? Field(number) : "";

    /// <summary>Reads rows by column name; every failure names the file, the line and what to do.</summary>
    /// <param name="path">What the text came from, for messages.</param>
    /// <param name="text">A header and rows.</param>
    /// <param name="header">Columns that must be there.</param>
    /// <param name="row">Makes a value of a row.</param>
    /// <exception cref="SuiteException">A column is missing, or a field is not what its column holds.</exception>
    public static List<T> Read<T>(string path, string text, IReadOnlyList<string> header, Func<CsvFields, T> row)
    {
        using var csv = CsvReader.FromText(text, Reading);
        var rows = new List<T>();
        try
        {
            csv.ReadHeader();
            if (header.Except(csv.Headers ?? [], StringComparer.Ordinal).FirstOrDefault() is { } missing)
                throw new FormatException($"the column '{missing}' is missing");
            while (csv.Read())
                rows.Add(row(new CsvFields(csv)));
        }
        catch (FormatException broken)
        {
            throw new SuiteException(
                $"{path}:{csv.LineNumber}: this file is damaged: {broken.Message.TrimEnd('.')}.",
                "Restore the file; if it belongs to a run, delete the run's folder and run the experiment again.",
                broken);
        }

        return rows;
    }
}

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
