using Bench.Reporting.Statistics;
using Bench.Results;

namespace Bench.Reporting.Tables;

/// <summary>A table as data: every digit, errors, intervals and bounds in columns of their own, nothing for absent.</summary>
public static class CsvTable
{
    public static string Write(Table table) => CsvFormat.Text(table.Rows.Select(row => Fields(table, row)).Prepend(Header(table)));

    private static List<string> Header(Table table)
    {
        var header = new List<string>();
        foreach (var column in table.Columns)
        {
            header.Add(column.Key);
            if (column.IsUncertain)
                header.AddRange([$"{column.Key}_standard_error", $"{column.Key}_bound"]);
            if (column.Interval != IntervalUse.None)
                header.AddRange([$"{column.Key}_standard_error", $"{column.Key}_low", $"{column.Key}_high"]);
        }

        header.Add("remark");
        return header;
    }

    private static List<string> Fields(Table table, Row row)
    {
        var fields = new List<string>();
        foreach (var (column, cell) in table.Columns.Zip(row.Cells))
        {
            Measurement? number = cell is Cell.Number found ? found.Value : null;
            fields.Add(cell is Cell.Words words ? words.Text : CsvFormat.Field(number?.Value));
            if (column.IsUncertain)
                fields.AddRange([CsvFormat.Field(number?.StandardError), number is null ? "" : number.Value.IsUpperBound ? "<=" : "="]);
            if (column.Interval != IntervalUse.None)
                fields.AddRange(
                    [CsvFormat.Field(number?.StandardError), CsvFormat.Field(number?.Interval?.Low),
                        CsvFormat.Field(number?.Interval?.High)]);
        }

        fields.Add(row.Remark ?? "");
        return fields;
    }
}
