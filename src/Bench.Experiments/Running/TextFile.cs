using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Experiments.Running;

/// <summary>A text file as words.</summary>
internal static class TextFile
{
    /// <summary>All words of the file.</summary>
    /// <exception cref="SuiteException">The file is missing, cannot be read, or is not UTF-8.</exception>
    public static TokenArray Tokens(string file, ITokenizer tokenizer)
    {
        try
        {
            using var text = new Utf8Reader(InputFile.Open(file), file);
            var words = new List<int>();
            tokenizer.Encode(text, piece => words.AddRange(piece));
            return new(tokenizer.Vocabulary, [.. words]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException($"{file} cannot be read: {refused.Message}", "Name a text file; paths count from the folder the program runs in.", refused);
        }
    }
}
