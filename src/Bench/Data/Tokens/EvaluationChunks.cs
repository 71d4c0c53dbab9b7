
using Bench.Numerics;
using Bench.Results;

namespace Bench.Data.Tokens;

/// <summary>
/// The chunks that a text is evaluated on: it is cut into chunks of L tokens without overlap, a rest shorter than L is dropped, and if
/// there is a limit that many chunks are taken at even distances. A chunk's identity does not depend on the limit. Of
/// <see cref="ExampleTokens"/> a chunk is an example.
/// </summary>
public sealed class EvaluationChunks : IExamples
{
    private readonly ITokens tokens;

    /// <summary>Chooses the chunks of a text.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="length">L: tokens a chunk.</param>
    /// <param name="limit">How many chunks to take at most; null takes all.</param>
    /// <exception cref="SuiteException">The text is shorter than one chunk.</exception>
    public EvaluationChunks(ITokens tokens, int length, int? limit = null)
    {
        this.tokens = tokens;
        Length = Require.Positive(length);
        Total = tokens.Count / length;
        if (Total == 0)
            throw new SuiteException(
                $"the text to evaluate holds {tokens.Count} tokens, less than one chunk of {length}",
                tokens.Count > 0 ? $"Use a length of at most {tokens.Count}, or a longer text." : "Use a longer text.");
        Count = checked((int)Math.Min(limit is { } most ? Require.Positive(most, nameof(limit)) : Total, Total));
    }

    /// <summary>L: tokens a chunk.</summary>
    public int Length { get; }

    /// <summary>What the tokens are numbered by.</summary>
    public Vocabulary Vocabulary => tokens.Vocabulary;

    /// <summary>The chunks of the text.</summary>
    public long Total { get; }

    /// <summary>The chunks that are taken.</summary>
    public int Count { get; }

    /// <summary>Whether the chunks are examples of their own, rather than cut from a text.</summary>
    public bool AreExamples => ExampleTokens.Of(tokens, Length) is not null;

    /// <inheritdoc/>
    long IExamples.Count => Count;

    /// <summary>The number in the text of the i-th chunk that is taken. It keys the chunk's noise.</summary>
    public long ChunkIndex(int i) => Middle(i, Count, Total);

    /// <summary>The middle of the i-th of so many equal shares of a whole: what is taken at even distances.</summary>
    internal static long Middle(int i, int count, long total) => ((2L * Require.Index(i, count)) + 1) * total / (2L * count);

    /// <summary>
    /// The tokens of the chunks that are taken, from the <paramref name="first"/> on, row after row, as many as fit into the span: [rows,
    /// L].
    /// </summary>
    public void Fill(int first, Span<long> into)
    {
        int rows = Math.DivRem(into.Length, Length, out int rest);
        Require.Length(rest, 0);
        for (int row = 0; row < rows; row++)
            tokens.CopyTo(ChunkIndex(first + row) * Length, into.Slice(row * Length, Length));
    }

    /// <inheritdoc/>
    public ExampleBatch Read(long first, int count)
    {
        if (ExampleTokens.Of(tokens, Length) is { } own)
            return ExampleBatch.Join([.. Enumerable.Range((int)first, Require.Positive(count)).Select(i => own.Read(ChunkIndex(i), 1))]);
        var rows = new long[checked(Require.Positive(count) * Length)];
        Fill(checked((int)first), rows);
        return new ExampleBatch(rows, [.. Enumerable.Range((int)first, count).Select(ChunkIndex)]);
    }

    /// <summary>The tokens of the i-th chunk that is taken.</summary>
    public int[] Read(int i)
    {
        var chunk = new int[Length];
        tokens.CopyTo(ChunkIndex(i) * Length, chunk);
        return chunk;
    }
}
