using System.CommandLine;
using System.Globalization;

namespace Bench.Cli;

/// <summary>Options that are whole numbers, with errors that say which numbers are meant.</summary>
internal static class WholeNumber
{
    public static Option<int?> Option(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
                && value >= least && value <= most)
                return value;
            result.AddError($"'{text}' is not a whole number from {least} to {most}\nWrite for example {name} {Math.Max(least, 2)}.");
            return null;
        },
    };

    public static Option<ulong?> Seed(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "n",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value))
                return value;
            result.AddError($"'{text}' is not a whole number from 0 on\nWrite for example {name} 1.");
            return null;
        },
    };
}

/// <summary>Options that are numbers, with errors that say which numbers are meant.</summary>
internal static class RealNumber
{
    public static Option<double?> Option(string name, string description, double least, double most, string example) => new(name)
    {
        Description = description,
        HelpName = "x",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value >= least && value <= most)
                return value;
            result.AddError(
                string.Create(
                    CultureInfo.InvariantCulture, $"'{text}' is not a number from {least} to {most}\nWrite for example {name} {example}."));
            return null;
        },
    };
}

/// <summary>How many examples go through a network at once.</summary>
internal static class MicroBatchOption
{
    public const string Name = "--micro-batch";

    public static Option<int?> Of() => WholeNumber.Option(
        Name, "Sequences that a training step computes at once, adding up their gradients; by default all of the batch. Results change by "
            + "rounding alone", least: 1, most: 65_536);
}

/// <summary>How many runs are at work at once.</summary>
internal static class JobsOption
{
    private const int Most = 1024;

    public static Option<int?> Of() => WholeNumber.Option(
        "--jobs", "Runs at work at once, each in a process of its own with its share of the cores; by default one", least: 1, most: Most);
}
