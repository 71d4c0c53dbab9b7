namespace Bench.Data.Tokenizers;

/// <summary>Receives the next tokens of a text; the span is only valid during the call.</summary>
public delegate void TokenSink(ReadOnlySpan<int> tokens);

/// <summary>Turns text into tokens of a vocabulary and back.</summary>
public interface ITokenizer
{
    /// <summary>Short, lower case, fit for a file name. Tokenizers that differ in one token differ in name.</summary>
    string Name { get; }

    /// <summary>What the tokens are numbered by.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>
    /// Whether every token is one character, so that per token and per character are the same. A symbol of an artificial source counts as
    /// one.
    /// </summary>
    bool IsCharacterwise { get; }

    /// <summary>The token that stands between two documents.</summary>
    int Separator { get; }

    /// <summary>The tokens of a text.</summary>
    int[] Encode(string text);

    /// <summary>The tokens of a text that may not fit into memory, handed on piece by piece.</summary>
    void Encode(TextReader text, TokenSink sink) => sink(Encode(text.ReadToEnd()));

    /// <summary>The text of tokens; the mask shows as a sign that no text of this vocabulary contains.</summary>
    string Decode(ReadOnlySpan<int> tokens);

    /// <summary>
    /// How many characters (code points) begin in these tokens, a separator counted as one: the characters of a text's pieces add up to the
    /// text's.
    /// </summary>
    int Characters(ReadOnlySpan<int> tokens) => IsCharacterwise ? tokens.Length : Decode(tokens).EnumerateRunes().Count();
}
