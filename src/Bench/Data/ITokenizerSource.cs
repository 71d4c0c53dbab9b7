using Bench.Results;

namespace Bench.Data;

/// <summary>A tokenizer that may have to be fetched first, and what is known of it before: enough to plan by.</summary>
public interface ITokenizerSource
{
    /// <summary>Short, lower case, fit for a file name. Tokenizers that differ in one token differ in name.</summary>
    string Name { get; }

    /// <summary>What the tokens are numbered by.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Whether every token is one character, so that per token and per character are the same. A symbol of an artificial source counts as one.</summary>
    bool IsCharacterwise { get; }

    /// <summary>The tokenizer, ready for use.</summary>
    /// <param name="packages">Where to download what it needs and the cache lacks.</param>
    /// <exception cref="SuiteException">It cannot be had.</exception>
    ITokenizer Open(PackageCache packages);
}
