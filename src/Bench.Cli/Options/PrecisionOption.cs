using System.CommandLine;
using Bench.Experiments.Definitions;
using Bench.Results;
using Bench.Training;

namespace Bench.Cli.Options;

/// <summary>An option that is a type of products, as definitions call it.</summary>
internal static class PrecisionOption
{
    // What libtorch calls it.
    private static readonly KeyValuePair<string, Precision> Long = new("bfloat16", Precision.BFloat16);

    public static Option<Precision?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "type",
        CustomParser = result =>
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            foreach (var pair in PrecisionNames.All.Append(Long))
            {
                if (pair.Key == text)
                    return pair.Value;
            }

            result.AddError($"'{text}' is no type of products\n{Spelling.Advice(text, [.. PrecisionNames.All.Select(pair => pair.Key)], "types")}");
            return null;
        },
    };
}
