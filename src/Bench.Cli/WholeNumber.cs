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
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
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
