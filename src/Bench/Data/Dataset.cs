using System.Security.Cryptography;
using System.Text;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;

namespace Bench.Data;

/// <summary>A corpus as tokens, in its three parts.</summary>
/// <param name="Name">The corpus and its tokenizer, for tables and figures.</param>
/// <param name="Tokenizer">Turns samples back into text.</param>
/// <param name="Train">Parameters are fitted on it.</param>
/// <param name="Validation">Choices are made on it.</param>
/// <param name="Test">Numbers are reported on it.</param>
public sealed record Dataset(string Name, ITokenizer Tokenizer, ITokens Train, ITokens Validation, ITokens Test) : IDisposable
{
    /// <summary>What the tokens are numbered by.</summary>
    public Vocabulary Vocabulary => Tokenizer.Vocabulary;

    /// <summary>SHA-256 over the hashes of the three parts: two runs with the same one saw the same data.</summary>
    public string Hash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{Train.Hash}\n{Validation.Hash}\n{Test.Hash}\n")));

    /// <summary>The tokens of a part.</summary>
    public ITokens this[Split part] => part switch
    {
        Split.Train => Train,
        Split.Validation => Validation,
        Split.Test => Test,
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "a dataset is divided into training, validation and test"),
    };

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
        Test.Dispose();
    }
}

/// <summary>What a document is used for.</summary>
public enum Split
{
    /// <summary>Parameters are fitted on it.</summary>
    Train,

    /// <summary>Choices are made on it.</summary>
    Validation,

    /// <summary>Numbers are reported on it.</summary>
    Test,

    /// <summary>All documents: a corpus that nothing is trained on, such as a zero-shot set.</summary>
    Whole,
}
