using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Bench.Results;

/// <summary>
/// The one dialect of CSV here: comma, invariant culture, line feeds, doubles that read back as the same double.
/// Equal numbers give equal bytes.
/// </summary>
public static class CsvFormat
{
    private static CsvConfiguration Dialect => new(CultureInfo.InvariantCulture) { NewLine = "\n", HasHeaderRecord = true };

    public static CsvWriter Writer(TextWriter text) => new(text, Dialect, leaveOpen: true);

    public static CsvReader Reader(TextReader text) => new(text, Dialect, leaveOpen: true);

    /// <summary>A whole table as text.</summary>
    public static string Text(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = Writer(text))
        {
            foreach (var row in rows.Prepend(header))
                Write(csv, row);
        }

        return text.ToString();
    }

    /// <summary>One row with its line end.</summary>
    public static void Write(CsvWriter csv, IEnumerable<string> fields)
    {
        foreach (string field in fields)
            csv.WriteField(field);
        csv.NextRecord();
    }

    /// <summary>The shortest text that reads back as the same double.</summary>
    public static string Field(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The same, and nothing for null.</summary>
    public static string Field(double? value) => value is { } number ? Field(number) : "";

    public static string Field(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Field(long? value) => value is { } number ? Field(number) : "";

    /// <summary>Reads rows by column name; every failure names the file, the line and what to do.</summary>
    /// <exception cref="SuiteException">A column is missing, or a field is not what its column holds.</exception>
    public static List<T> Read<T>(string path, string text, IReadOnlyList<string> header, Func<CsvRow, T> row)
    {
        using var reader = new StringReader(text);
        using var csv = Reader(reader);
        var rows = new List<T>();
        try
        {
            if (!csv.Read() || !csv.ReadHeader())
                throw new FormatException("it is empty");
            if (header.Except(csv.HeaderRecord!, StringComparer.Ordinal).FirstOrDefault() is { } missing)
                throw new FormatException($"the column '{missing}' is missing");
            while (csv.Read())
                rows.Add(row(new CsvRow(csv)));
        }
        catch (Exception broken) when (broken is FormatException or CsvHelperException or OverflowException)
        {
            string why = broken is CsvHelperException ? "a field is missing or not quoted right" : broken.Message;
            throw new SuiteException(
                $"{path}:{csv.Parser.RawRow}: this file is damaged: {why}.",
                "Restore the file, or delete the run's folder and run the experiment again.",
                broken);
        }

        return rows;
    }
}
