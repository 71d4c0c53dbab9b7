using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Numerics;

namespace Bench.Data.Corpora;

/// <summary>A corpus of known entropy: three stretches of a Markov source, drawn on this machine.</summary>
/// <param name="words">V.</param>
/// <param name="order">k.</param>
/// <param name="sharpness">The power that the rows are drawn with; see <see cref="MarkovSource"/>.</param>
/// <param name="seed">Draws the source and the text.</param>
/// <param name="trainTokens">The length of the training part.</param>
/// <param name="heldOutTokens">The length of the validation part and of the test part.</param>
public sealed class MarkovCorpus(int words = 8, int order = 2, double sharpness = 2, ulong seed = 1, int trainTokens = 1_000_000, int heldOutTokens = 100_000)
{
    /// <summary>What its texts are cut from.</summary>
    public MarkovSource Source { get; } = new(words, order, sharpness, seed);

    /// <summary>What a definition calls it and its parameters, fit for a file name.</summary>
    public string Name => $"markov-{words}-{order}-{sharpness:R}-{seed}";

    /// <summary>Changes with every parameter.</summary>
    public string Fingerprint => $"{Name} {trainTokens} {heldOutTokens}";

    /// <summary>Writes symbols as numbers.</summary>
    public ITokenizer Tokenizer { get; } = new NumberedSymbols(new($"symbols{words}", words));

    /// <summary>How many words a part has.</summary>
    public int Length(Split part) => Require.Positive(part == Split.Train ? trainTokens : heldOutTokens);

    /// <summary>The words of a part.</summary>
    public int[] Draw(Split part)
    {
        var tokens = new int[Length(part)];
        Source.Sample(RandomStream.Root(seed).Split("text"), (long)part, tokens);
        return tokens;
    }

    internal void Write(Split part, TokenFileWriter writer) => writer.Write(Draw(part));
}
