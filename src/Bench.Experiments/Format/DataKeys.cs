using Bench.Experiments.Keys;
using Bench.Experiments.Sources;

namespace Bench.Experiments.Format;

/// <summary>The keys under <c>data</c>.</summary>
internal static class DataKeys
{
    public static readonly Key<ISource> Corpus = new(
        "corpus", new SourceKind(), "The text; a file is cut into 90 % training, 5 % validation and 5 % test.", IsRequired: true);

    public static readonly Key<string> Tokenizer = new(
        "tokenizer", new Words("the name of a tokenizer"), "How text becomes words: alphabet27, the default, or gpt2, GPT-2's byte pairs; a Markov source has its own symbols.");

    public static readonly Key<int> Length = new(
        "length", new Number<int>(new(2, 65_536), "it counts the words of a sequence", "Use a length such as 128."), "Words in a sequence.", "128");

    public static Section Section { get; } = new(Corpus, Tokenizer, Length);
}
