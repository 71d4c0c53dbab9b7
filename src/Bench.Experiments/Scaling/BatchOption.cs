using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bench.Experiments.Keys;
using Bench.Experiments.Yaml;

namespace Bench.Experiments.Scaling;

/// <summary>An option of sbatch that has no key; those that the scripts depend on are not for the user to set.</summary>
internal sealed partial class BatchOption : Kind<string>
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--partition"] = "partition", ["-p"] = "partition",
        ["--time"] = "time", ["-t"] = "time",
        ["--gpus"] = "gpus", ["-G"] = "gpus",
        ["--cpus-per-task"] = "cpus", ["-c"] = "cpus",
        ["--mem"] = "memory",
        ["--account"] = "account", ["-A"] = "account",
        ["--qos"] = "qos", ["-q"] = "qos",
    };

    private static readonly string[] Ours =
    [
        "--array", "-a", "--chdir", "-D", "--dependency", "-d", "--error", "-e", "--input", "-i", "--job-name", "-J", "--no-requeue", "--nodes", "-N", "--ntasks", "-n",
        "--open-mode", "--output", "-o", "--parsable", "--requeue", "--wait", "-W", "--wrap", "--export", "--export-file",
    ];

    /// <inheritdoc/>
    public override string Expected => "an option of sbatch such as --constraint=a100";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = Form().ToString() };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Report report, out string value)
    {
        if (node is not Scalar scalar || Form().Match(scalar.Text) is not { Success: true } read)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        string name = read.Groups["name"].Value;
        if (Keys.TryGetValue(name, out string? key))
            report.Add(node, $"{path} has {name}, which has a key of its own", $"Write the key '{key}' instead.");
        else if (Ours.Contains(name))
            report.Add(node, $"{path} has {name}, which the scripts set themselves", "Remove it.");
        else
            return true;
        return false;
    }

    // One option on one line; a # would begin a comment in a line of #SBATCH.
    [GeneratedRegex(@"\A(?<name>--[a-z][a-z0-9-]*|-[A-Za-z])([= ][^#\p{Cc}]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
