using Bench.Results;

namespace Bench.Reporting.Figures.Drawing;

/// <summary>A figure before it is drawn: tidy data, and how to draw it. Fonts, sizes and colours are those of the style file.</summary>
/// <param name="Name">Of its files.</param>
/// <param name="Caption">What is shown, for people.</param>
/// <param name="Drawing">How it is drawn.</param>
internal sealed record Figure(string Name, string Caption, IDrawing Drawing)
{
    /// <summary>What every figure is drawn as.</summary>
    public static readonly string[] Formats = ["svg", "pdf", "png"];

    /// <summary>File name to content, all in the folder <c>data</c>.</summary>
    public Dictionary<string, string> Data { get; } = new(StringComparer.Ordinal);

    /// <summary>With one more data file.</summary>
    public Figure With(string file, IEnumerable<IReadOnlyList<string>> rows)
    {
        Data.Add(file, CsvFormat.Text(rows));
        return this;
    }
}
