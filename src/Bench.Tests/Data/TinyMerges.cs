using Bench.Data.Tokenizers;

namespace Bench.Tests.Data;

/// <summary>Byte pairs of a few English words: tokens of one to five characters.</summary>
internal static class TinyMerges
{
    public static BytePairTokenizer Tokenizer { get; } = new(
        BytePairMerges.Read(new StringReader("t h\nth e\nĠ the\nĠ a\na n\nĠa n\nĠan d\ni n\nin g\ne r\no n\nĠ s\nĠ w\nc e\nr e"), "tiny"));
}
