using System.Collections.Immutable;
using System.Globalization;
using Bench.Experiments.Definitions;
using Bench.Experiments.Speed;
using Bench.Kernels;
using Bench.Reporting.Tables;
using Bench.Results;

namespace Bench.Cli.Display;

/// <summary>Operators as a table and as a file, by the time spent in each of them itself.</summary>
internal static class ProfileTable
{
    private const int Shown = 30;
    private const double Milli = 1e3;

    private static readonly string[] Header = ["case", "operator", "pass", "calls_per_step", "ms_per_step", "share"];

    /// <summary>The longest ones, the rest in a line, and what lies in no operator.</summary>
    public static TextTable Of(SpeedProfile profile)
    {
        var rest = profile.Operators.Skip(Shown).ToArray();
        IEnumerable<ImmutableArray<string>> rows = profile.Operators.Take(Shown).Select(entry => Row(entry.Name, Pass(entry), Number(entry.Calls / profile.Steps, "0.#"), entry.Seconds));
        if (rest.Length > 0)
            rows = rows.Append(Row($"{rest.Length} more operators", "", Number(rest.Sum(entry => entry.Calls) / profile.Steps, "0.#"), rest.Sum(entry => entry.Seconds)));
        rows = rows.Append(Row("outside operators", "", "", profile.ElsewhereSeconds)).Append(Row("step", "", "", profile.Seconds));
        return new TextTable(
            "Operators",
            [("Operator", ""), ("Pass", ""), ("Calls", "a step"), ("Self", "ms a step"), ("Share", "%")],
            [Alignment.Left, Alignment.Left, Alignment.Right, Alignment.Right, Alignment.Right],
            [.. rows],
            BaselineRows: 0,
            [
                $"{profile.Case.Name}, {PrecisionNames.Of(profile.Precision)} products, {Number(profile.Steps, "N0")} {(profile.Steps == 1 ? "step" : "steps")}. Self is the time in a part without those within it.",
                "Kernels, products and stages of a step are timed where they begin and end; tensor operators between them count to the part around them.",
            ]);

        ImmutableArray<string> Row(string name, string pass, string calls, double seconds) =>
            [name, pass, calls, Number(Milli * seconds / profile.Steps, "0.000"), Number(100 * seconds / profile.Seconds, "0.0")];
    }

    /// <summary>All of it.</summary>
    public static string File(SpeedProfile profile) => CsvFormat.Text(profile.Operators.Select(entry => Fields(profile, entry.Name, Pass(entry), entry.Calls, entry.Seconds))
        .Append(Fields(profile, "outside operators", "", calls: null, profile.ElsewhereSeconds))
        .Prepend(Header));

    private static string[] Fields(SpeedProfile profile, string name, string pass, long? calls, double seconds) =>
    [
        profile.Case.Name, name, pass, CsvFormat.Field(calls / profile.Steps), CsvFormat.Field(Milli * seconds / profile.Steps), CsvFormat.Field(seconds / profile.Seconds),
    ];

    private static string Pass(OperatorTime entry) => entry.IsBackward ? "backward" : "forward";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
