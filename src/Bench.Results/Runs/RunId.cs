using System.Security.Cryptography;
using System.Text;

namespace Bench.Results.Runs;

/// <summary>The name of a run: equal for equal definitions on equal data, whatever the order of keys or the spelling of numbers.</summary>
public static class RunId
{
    /// <summary>The first 16 hexadecimal digits of SHA-256 over the canonical definition without its descriptive texts, a line feed, and the data's hash.</summary>
    public static string Of(RunDefinition definition, string dataHash) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{definition.Measured}\n{dataHash}")))[..16];
}
