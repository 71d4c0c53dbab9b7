using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bench.Data.Downloads;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Data.Corpora;

/// <summary>
/// One part of a text that nothing is trained on, in a folder: <c>test.jsonl</c>, an object a line with a document in one of its fields,
/// or <c>test.txt</c>, where a line <c>&lt;|endoftext|&gt;</c> ends a document; likewise for the other parts.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="measured">The part; the others are empty.</param>
/// <param name="field">The field of an object that is the document.</param>
/// <param name="detokenizer">Applied to each document.</param>
public sealed class TextFolder(string folder, Split measured, string field, Detokenizer detokenizer) : ICorpus
{
    private const string Lines = ".jsonl", Plain = ".txt";

    private string? fingerprint;

    /// <inheritdoc/>
    public string Name => $"text-{Fingerprint[..16]}";

    /// <inheritdoc/>
    public string Fingerprint => fingerprint ??= Hash();

    /// <summary>Bytes of its file; 0 where there is none.</summary>
    public long Bytes => Found is { } file ? new FileInfo(file).Length : 0;

    private string Stem => measured.ToString().ToLowerInvariant();

    private string? Found => new[] { Lines, Plain }.Select(end => Path.Combine(folder, Stem + end)).FirstOrDefault(File.Exists);

    /// <summary>What is wrong with the folder, as far as it can be seen without reading its files; null where nothing is.</summary>
    public (string What, string Fix)? Refusal()
    {
        if (!Directory.Exists(folder))
            return ($"there is no folder {folder}", $"Make it, with {Stem}{Lines} or {Stem}{Plain} in it.");
        if (Found is not { } file)
        {
            string[] others = [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
            string held = others.Length == 0 ? "it is empty" : $"it holds {string.Join(", ", others.Take(4))}";
            return ($"{folder} has no {Stem} part: {held}", $"Put {Stem}{Lines} (a document a line) or {Stem}{Plain} there.");
        }

        return InputFile.Refusal(file) is var (what, fix) ? ($"{file} {what}", fix)
            : new FileInfo(file).Length == 0 ? ($"the file {file} is empty", "Name a file with text in it.")
            : null;
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(Split part, PackageCache packages) =>
        part == measured || part == Split.Whole ? Documents(Required()) : [];

    private IEnumerable<Document> Documents(string file) => file.EndsWith(Lines, StringComparison.Ordinal)
        ? Objects(file)
        : from text in PlainTexts(file)
          select new Document(file, () => new StringReader(detokenizer.Apply(text)));

    // Detokenizers look at whole documents.
    private static IEnumerable<string> PlainTexts(string file)
    {
        foreach (var document in new FileCorpus(file).Documents(Split.Whole, null!))
        {
            using var reader = document.Open();
            yield return reader.ReadToEnd();
        }
    }

    private IEnumerable<Document> Objects(string file)
    {
        using var lines = new Utf8Reader(InputFile.Open(file), file);
        long number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (line.Length > 0)
                yield return new Document(file, () => new StringReader(detokenizer.Apply(TextOf(line, file, number))));
        }
    }

    private string TextOf(string line, string file, long number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(field, out var text)
                && text.ValueKind == JsonValueKind.String)
                return text.GetString()!;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Reported below: what stands there is no such object.
        }

        throw new SuiteException($"{file}:{number}: this line is no JSON object with a text under '{field}'",
            $"Write a document a line, such as {{\"{field}\": \"...\"}}, or use {Stem}{Plain}.");
    }

    private string Required() =>
        Refusal() is var (what, fix) ? throw new SuiteException(what, fix) : Found!;

    private string Hash()
    {
        string file = Required();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            using var stream = InputFile.Open(file);
            hash.AppendData(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException($"{file} cannot be read: {error.Message}", "Name a file that can be read.", error);
        }

        hash.AppendData(Encoding.UTF8.GetBytes($"{measured} {Path.GetExtension(file)} {field} {detokenizer.Name}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
