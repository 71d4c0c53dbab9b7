using System.Security.Cryptography;
using Bench.Data.Downloads;
using Bench.Data.Safetensors;
using Bench.Data.Tokenizers;
using Bench.Results;
using Bench.Results.Files;
using static TorchSharp.torch;

namespace Bench.Pretrained.Scorers;

/// <summary>
/// Makes a scorer of what a user names: <see cref="Stories15M"/>, or a GPT-2's safetensors file or the folder it lies in.
/// </summary>
public static class PretrainedScorers
{
    /// <summary>
    /// The Llama of 15 million parameters that comes from a package. It was trained on children's stories; on other text its numbers only
    /// rank.
    /// </summary>
    public static string Stories15M => PackageFiles.Stories15M.Name;

    /// <summary>What is wrong with a name, as far as it can be seen without downloading anything or reading weights.</summary>
    /// <param name="named">The name or path.</param>
    /// <param name="where">Where the user wrote it.</param>
    public static IReadOnlyList<Problem> Check(string named, string where)
    {
        var problems = new List<Problem>();
        if (named != Stories15M && Gpt2Files.Find(named, where, problems) is { } files)
        {
            var opened = files.Open(where, problems);
            opened?.File.Dispose();
            if (files.Tokenizer(where, problems)?.Vocabulary.TokenCount is { } made && opened is { } weights
                && weights.Shape.TokenCount != made)
                problems.Add(files.Misfit(where, weights.Shape.TokenCount, made));
        }
        return problems;
    }

    /// <summary>
    /// What resolved definitions call a scorer: a file is known by its name, its size and the beginning and end of its content.
    /// </summary>
    /// <param name="named">A name or path that <see cref="Check"/> finds nothing wrong with.</param>
    public static string Identity(string named)
    {
        const int Part = 1 << 20;
        if (named == Stories15M || Gpt2Files.Find(named, "", []) is not { } files)
            return named;
        using var weights = InputFile.Open(files.Weights);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var part = new byte[(int)Math.Min(Part, weights.Length)];
        foreach (long start in new[] { 0, weights.Length - part.Length })
        {
            weights.Position = start;
            weights.ReadExactly(part);
            hash.AppendData(part);
        }

        return $"{files.Name} {weights.Length} {Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}";
    }

    /// <summary>Makes the scorer; downloads what it needs and the cache lacks.</summary>
    /// <param name="named">The name or path.</param>
    /// <param name="where">Where the user wrote it.</param>
    /// <param name="packages">The cache of packages.</param>
    /// <param name="problems">Conditioned about everything that is wrong, all at once.</param>
    /// <param name="first">What a text's first token is predicted from.</param>
    /// <param name="stride">Of the windows over long texts; null for half the network's context.</param>
    /// <param name="device">Where the network goes; null for the CPU.</param>
    /// <returns>The scorer, or null where there are problems.</returns>
    public static CausalScorer? TryMake(
        string named, string where, PackageCache packages, ICollection<Problem> problems, FirstToken first = FirstToken.BehindMark,
        int? stride = null, Device? device = null)
    {
        if (named != Stories15M)
            return Gpt2Files.Find(named, where, problems) is { } files ? Gpt2Scorer(files, where, problems, first, stride, device) : null;
        try
        {
            return Llama2C(Stories15M, PackageFiles.Stories15M.Read(packages), first, stride, device);
        }
        catch (SuiteException failure)
        {
            problems.Add(new(where, failure.Message, failure.Fix));
            return null;
        }
    }

    /// <summary>A scorer from a file of llama2.c whose tokenizer follows the weights.</summary>
    /// <param name="name">The scorer's name, which errors show too.</param>
    /// <param name="file">The file's bytes.</param>
    /// <param name="first">What a text's first token is predicted from.</param>
    /// <param name="stride">Of the windows over long texts; null for half the network's context.</param>
    /// <param name="device">Where the network goes; null for the CPU.</param>
    /// <exception cref="SuiteException">The file is no such thing.</exception>
    public static CausalScorer Llama2C(string name, ReadOnlySpan<byte> file, FirstToken first = FirstToken.BehindMark, int? stride = null,
        Device? device = null)
    {
        var size = LlamaHeader.Read(file, name);
        var tokenizer = new ScoredPieceTokenizer(ScoredPieces.Read(file[(int)size.FileBytes..], size.TokenCount, name));
        return new(name, Llama.Read(file, name, device), tokenizer, first, stride);
    }

    private static CausalScorer? Gpt2Scorer(
        Gpt2Files files, string where, ICollection<Problem> problems, FirstToken first, int? stride, Device? device)
    {
        var opened = files.Open(where, problems);
        using var file = opened?.File;
        var tokenizer = files.Tokenizer(where, problems);
        if (opened is not { } weights || tokenizer is null)
            return null;
        if (weights.Shape.TokenCount == tokenizer.Vocabulary.TokenCount)
            return new(files.Name, Gpt2.Load(weights.File, weights.Shape, device), tokenizer, first, stride);
        problems.Add(files.Misfit(where, weights.Shape.TokenCount, tokenizer.Vocabulary.TokenCount));
        return null;
    }
}
