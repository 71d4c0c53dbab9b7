using System.Collections.Immutable;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Speed;

/// <summary>The speed of another implementation, in another run: a row of <c>baselines/speed/peers.csv</c>.</summary>
/// <param name="Case">The case that does the same.</param>
/// <param name="System">Which code, how set up.</param>
/// <param name="Mode">How its products were computed.</param>
/// <param name="TokensPerSecond">The speed.</param>
/// <param name="Certainty">Where and how it was measured, as text.</param>
public sealed record PublishedSpeed(string Case, string System, string Mode, double TokensPerSecond, string Certainty)
{
    private static readonly string[] Header = ["case", "system", "precision", "tokens_per_second", "certainty"];

    /// <summary>Reads a file of them.</summary>
    /// <exception cref="SuiteException">The file is damaged.</exception>
    public static ImmutableArray<PublishedSpeed> Read(string path) =>
    [
        .. CsvFormat.Read(path, InputFile.ReadText(path), Header, row => new PublishedSpeed(
            row.Text("case"),
            row.Text("system"),
            row.Text("precision"),
            row.Finite("tokens_per_second") is > 0 and var speed ? speed : throw new FormatException("tokens_per_second is not above 0"),
            row.Text("certainty"))),
    ];
}
