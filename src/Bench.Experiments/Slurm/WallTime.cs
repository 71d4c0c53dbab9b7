using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Slurm;

/// <summary>A time limit as Slurm writes it, days where there are any: <c>04:00:00</c> or <c>2-00:00:00</c>.</summary>
internal sealed partial class WallTime : Kind<TimeSpan>
{
    // A task is told to write its checkpoint a minute before the end, and Slurm may tell it another minute early.
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(5), Most = TimeSpan.FromDays(365);

    /// <inheritdoc/>
    public override string Expected => "a time such as 04:00:00, or 2-00:00:00 for two days";

    /// <summary>As Slurm writes it.</summary>
    public static string Text(TimeSpan time) => time.ToString(time.Days > 0 ? @"d\-hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Form().ToString() };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out TimeSpan value)
    {
        value = default;
        if (node is not Scalar scalar || Form().Match(scalar.Text) is not { Success: true } read)
            return Refuse(node, path, report, out value);
        value = new(Number(read, "days"), Number(read, "hours"), Number(read, "minutes"), Number(read, "seconds"));
        if (value >= Least && value <= Most)
            return true;
        report.Add(node, $"{path} is {scalar.Text}, but a task needs time for its checkpoint and its limit lies in [{Text(Least)}, {Text(Most)}]", "Write for example 04:00:00; a task that needs longer goes on in another such time.");
        return false;
    }

    private static int Number(Match read, string part) => read.Groups[part].Success ? int.Parse(read.Groups[part].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A((?<days>[0-9]{1,3})-)?(?<hours>[0-9]{2,3}):(?<minutes>[0-5][0-9]):(?<seconds>[0-5][0-9])\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
