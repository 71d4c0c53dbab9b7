using System.Globalization;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>Tokenizers by the names that resolved definitions give them.</summary>
internal static class Tokenizers
{
    private const string Symbols = "symbols";

    /// <summary>The tokenizer of a name.</summary>
    /// <exception cref="SuiteException">There is none of that name.</exception>
    public static ITokenizer Find(string name)
    {
        if (name == Alphabet27.Instance.Name)
            return Alphabet27.Instance;
        if (name == BytePairTokenizer.Gpt2.Name)
            return BytePairTokenizer.Gpt2;
        if (name.StartsWith(Symbols, StringComparison.Ordinal) && int.TryParse(name.AsSpan(Symbols.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int words) && words > 1)
            return new NumberedSymbols(new Vocabulary(name, words));
        throw new SuiteException($"there is no tokenizer '{name}'", $"Known tokenizers: {Alphabet27.Instance.Name}, {BytePairTokenizer.Gpt2.Name}, {Symbols}<count>; the run may be of a later version of the suite.");
    }
}
