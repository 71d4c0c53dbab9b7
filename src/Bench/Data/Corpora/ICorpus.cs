using System.Text;
using Bench.Data.Downloads;

namespace Bench.Data.Corpora;

/// <summary>A named collection of documents, divided into parts.</summary>
public interface ICorpus
{
    /// <summary>Short, lower case, fit for a file name.</summary>
    string Name { get; }

    /// <summary>Changes when the documents or their order change, so that tokens of another version are not taken for this one's.</summary>
    string Fingerprint { get; }

    /// <summary>The documents of a part in their order.</summary>
    /// <exception cref="Bench.Results.SuiteException">The text cannot be had or read.</exception>
    IEnumerable<Document> Documents(Split part, PackageCache packages);
}

/// <summary>A named text that is opened when it is read.</summary>
/// <param name="Name">The file's name inside its corpus.</param>
/// <param name="Open">Opens the text at its start; the caller disposes of the reader.</param>
public sealed record Document(string Name, Func<TextReader> Open)
{
    /// <summary>A document whose bytes are in memory, in UTF-8 (checked) or in Latin-1.</summary>
    public static Document Of(string name, byte[] bytes, bool latin1 = false) => new(
        name,
        () => latin1 ? new StreamReader(new MemoryStream(bytes), Encoding.Latin1) : new Utf8Reader(new MemoryStream(bytes), name));
}
