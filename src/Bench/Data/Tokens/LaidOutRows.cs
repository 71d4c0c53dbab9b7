using Bench.Numerics;
using Bench.Results;

namespace Bench.Data.Tokens;

/// <summary>
/// How documents become rows of L tokens; E is the separator, GPT-2's end of text, which stands for beginning, end and padding.
/// </summary>
public enum RowLayout
{
    /// <summary>All documents one behind the other, cut every L tokens (SEDD; BD3-LM without special tokens).</summary>
    Packed,

    /// <summary>The same, cut every L − 2 tokens, each row E … E (MDLM, Duo: <c>wrap: True</c>).</summary>
    Wrapped,

    /// <summary>A document a row, cut to L − 2 tokens: E … E and padding (<c>wrap: False</c>).</summary>
    Padded,

    /// <summary>A document E … E a row: L tokens from a drawn place on, or padding behind a shorter one (GIDD).</summary>
    Cropped,
}

/// <summary>
/// Rows as the programs of papers make them of documents, over the whole text at once. What is left of a stream shorter than a row is
/// dropped. A row is a function of its number alone.
/// </summary>
/// <remarks>The programs themselves cut batches of 1000 documents, and drop the rest of each.</remarks>
public sealed class LaidOutRows : IExamples
{
    private static readonly RandomStream Crops = RandomStream.Root(0).Split("crops"); // of all runs: they are to see the same

    private readonly TokenDocuments documents;
    private readonly JoinedDocuments stream;
    private readonly RowLayout layout;
    private readonly int separator;
    private readonly bool givesFirst;

    /// <summary>Chooses rows.</summary>
    /// <param name="documents">The text.</param>
    /// <param name="separator">E.</param>
    /// <param name="layout">How rows are made.</param>
    /// <param name="length">L.</param>
    /// <param name="ends">Packed and wrapped: whether E stands behind each document.</param>
    /// <param name="givesFirst">Whether the first token of a row is given.</param>
    /// <param name="limit">How many rows to take at most, at even distances; null takes all.</param>
    /// <exception cref="SuiteException">The text makes no row, or the length leaves no room for its ends.</exception>
    public LaidOutRows(
        TokenDocuments documents, int separator, RowLayout layout, int length, bool ends, bool givesFirst = false, int? limit = null)
    {
        (this.documents, this.separator, this.layout, this.givesFirst) = (documents, separator, layout, givesFirst);
        Length = Require.Positive(length);
        if (layout != RowLayout.Packed && length < 3)
            throw new SuiteException($"rows of {length} tokens have no room for a token between their ends", "Use a greater length.");
        stream = documents.Joined(ends);
        Total = layout is RowLayout.Padded or RowLayout.Cropped ? documents.Count : stream.Count / Body;
        if (Total == 0)
        {
            throw new SuiteException($"the text to evaluate holds {stream.Count} tokens, less than one row of {length}",
                stream.Count > Body - length ? $"Use a length of at most {stream.Count + length - Body}, or a longer text."
                    : "Use a longer text.");
        }

        Count = checked((int)Math.Min(limit is { } most ? Require.Positive(most, nameof(limit)) : Total, Total));
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary => documents.Vocabulary;

    /// <inheritdoc/>
    public int Length { get; }

    /// <summary>The rows of the text.</summary>
    public long Total { get; }

    /// <summary>The rows that are taken.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    long IExamples.Count => Count;

    private int Body => layout == RowLayout.Packed ? Length : Length - 2;

    /// <inheritdoc/>
    public ExampleBatch Read(long first, int count)
    {
        var tokens = new long[checked(Require.Positive(count) * Length)];
        var (numbers, lengths) = (new long[count], new int[count]);
        for (int row = 0; row < count; row++)
        {
            numbers[row] = EvaluationChunks.Middle(checked((int)first) + row, Count, Total);
            lengths[row] = Fill(numbers[row], tokens.AsSpan(row * Length, Length));
        }

        var batch = new ExampleBatch(tokens, numbers) { Lengths = Array.Exists(lengths, length => length < Length) ? lengths : null };
        return givesFirst ? batch with { Given = [.. Enumerable.Range(0, tokens.Length).Select(at => at % Length == 0)] } : batch;
    }

    // How many tokens stand in front of the padding.
    private int Fill(long number, Span<long> row)
    {
        if (layout == RowLayout.Packed)
        {
            stream.CopyTo(number * Body, row);
            return Length;
        }

        row.Fill(separator);
        if (layout == RowLayout.Wrapped)
        {
            stream.CopyTo(number * Body, row[1..^1]);
            return Length;
        }

        int document = checked((int)number), length = documents.LengthOf(document);
        if (layout == RowLayout.Padded || length <= Body)
        {
            int kept = Math.Min(length, Body);
            documents.CopyTo(document, 0, row.Slice(1, kept));
            return kept + 2;
        }

        // Of E … E, whose first token is number −1 of the document.
        int start = Crops.Below(length + 2 - Length + 1, number, 0) - 1, from = Math.Max(0, start);
        int end = Math.Min(length, start + Length);
        documents.CopyTo(document, from, row[(from - start)..(end - start)]);
        return Length;
    }
}
