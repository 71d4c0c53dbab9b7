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
