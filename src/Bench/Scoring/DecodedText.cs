using Bench.Data.Tokenizers;
using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>Makes <see cref="GeneratedText"/> of tokens.</summary>
public static class DecodedText
{
    extension(GeneratedText)
    {
        /// <summary>Decodes a sequence.</summary>
        public static GeneratedText Of(int[] tokens, ITokenizer tokenizer)
        {
            string text = tokenizer.Decode(tokens);
            // Symbols of an artificial source are written as numbers with spaces, but each is one character of its text.
            return new(tokens, text, tokenizer.IsCharacterwise ? tokens.Length : text.EnumerateRunes().Count());
        }
    }
}
