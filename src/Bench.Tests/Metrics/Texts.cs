using Bench.Metrics;
using Bench.Results.Metrics;
using Bench.Scoring;

namespace Bench.Tests.Metrics;

/// <summary>Texts to measure.</summary>
internal static class Texts
{
    /// <summary>A text whose tokens do not matter.</summary>
    public static GeneratedText Of(string text) => new([.. text.Select(letter => (int)letter)], text, text.Length);

    /// <summary>Tokens whose text does not matter: a token counts as a character.</summary>
    public static GeneratedText Of(params int[] tokens) =>
        new(tokens, string.Concat(tokens.Select(token => (char)('a' + token))), tokens.Length);

    public static WordGrams Words(params string[] texts) => new(texts.Select(text => Of(text).Words));

    /// <summary>All sequences of a length.</summary>
    public static IEnumerable<int[]> All(int tokenCount, int length) =>
        length == 0
            ? [[]]
            : All(tokenCount, length - 1).SelectMany(start => Enumerable.Range(0, tokenCount).Select(token => (int[])[.. start, token]));
}
