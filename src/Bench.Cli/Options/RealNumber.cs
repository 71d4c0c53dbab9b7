using System.CommandLine;
using System.Globalization;

namespace Bench.Cli.Options;

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
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"'{text}' is not a number from {least} to {most}\nWrite for example {name} {example}."));
            return null;
        },
    };
}
