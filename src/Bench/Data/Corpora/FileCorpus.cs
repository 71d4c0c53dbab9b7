
using System.Security.Cryptography;
using Bench.Data.Downloads;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Corpora;

/// <summary>
/// UTF-8 text files that the user names. With one file, the first 90 % of its bytes train, the next 5 % validate and the last 5 % test (the
/// custom of text8); each cut is moved on to the next white space. With three files, each is a part. A line that says
/// <c>&lt;|endoftext|&gt;</c> and nothing else ends a document: in its place stands the vocabulary's separator.
/// </summary>
/// <param name="train">The training file, or the only file.</param>
/// <param name="validation">The validation file; null with one file.</param>
/// <param name="test">The test file; null with one file.</param>
public sealed class FileCorpus(string train, string? validation = null, string? test = null) : ICorpus
{
    private string? fingerprint;

    /// <inheritdoc/>
    public string Name => $"file-{Fingerprint[..16]}";

    /// <inheritdoc/>
    public string Fingerprint => fingerprint ??= Hash();

    private string[] Files => [.. new[] { train, validation, test }.OfType<string>()];

    /// <summary>What is wrong with the files, as far as it can be seen without reading them.</summary>
    /// <param name="where">Where the user named them.</param>
    public IEnumerable<Problem> Check(string where)
    {
        if (validation is null != test is null)
            yield return new(where, "only one of validation and test is given",
                "Give a file for both, or for neither: then they are cut from the end of the training file.");
        foreach (string file in Files)
        {
            if (InputFile.Refusal(file) is var (what, fix))
                yield return new(where, $"{file} {what}", fix);
            else if (!File.Exists(file))
                yield return new(where, $"there is no file {file}", "Paths count from the folder the program runs in.");
            else if (new FileInfo(file).Length == 0)
                yield return new(where, $"the file {file} is empty", "Name a file with text in it.");
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(Split part, PackageCache packages)
    {
        if (part == Split.Whole)
            return Files.SelectMany(file => Range(file, 0, long.MaxValue));
        return (part, validation, test) switch
        {
            (Split.Validation, { } file, _) => Range(file, 0, long.MaxValue),
            (Split.Test, _, { } file) => Range(file, 0, long.MaxValue),
            (Split.Train, { }, { }) => Range(train, 0, long.MaxValue),
            (Split.Train, _, _) => Range(train, 0, Cut(0.90)),
            (Split.Validation, _, _) => Range(train, Cut(0.90), Cut(0.95)),
            _ => Range(train, Cut(0.95), long.MaxValue),
        };
    }

    private static IEnumerable<Document> Range(string file, long start, long end) =>
        from document in EndMarks.Documents(file)
        let first = Math.Max(start, document.Start)
        let last = Math.Min(end, document.End)
        where first < last
        select new Document(file, () => new Utf8Reader(new FileRange(file, first, last), file, first));

    // Cutting at white space keeps words and the bytes of a character together.
    private long Cut(double share)
    {
        using var stream = new BufferedStream(InputFile.Open(train));
        stream.Position = (long)(stream.Length * share);
        for (int value = stream.ReadByte(); value >= 0; value = stream.ReadByte())
        {
            if (value is ' ' or '\n' or '\r' or '\t')
                return stream.Position - 1;
        }
        return stream.Length;
    }

    private string Hash()
    {
        if (Check("data").FirstOrDefault() is { } problem)
            throw new SuiteException(problem.What, problem.Fix);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Files)
        {
            try
            {
                using var stream = InputFile.Open(file);
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new SuiteException($"{file} cannot be read: {error.Message}", "Name a file that can be read.", error);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
