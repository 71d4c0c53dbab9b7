using System.Text;

namespace Bench.Data.Corpora;

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
