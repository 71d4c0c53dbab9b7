using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bench.Numerics;

namespace Bench.Data.Tokens;

/// <summary>Clean examples: their tokens, what of them is given, and the numbers under which each one's random draws are found.</summary>
/// <remarks>
/// What is given is conditioned on. It is settled: a network sees it clean, and it has no loss and no term in any bound. An example's
/// length is given, too: padding behind it is hidden from every query, and no target either, so that nothing depends on how much of it
/// there is. Where lengths are to be modelled, end and padding are tokens like others, and <see cref="Lengths"/> is left out.
/// </remarks>
/// <param name="Tokens">B·L tokens, row by row.</param>
/// <param name="Examples">B example numbers.</param>
public sealed record ExampleBatch(long[] Tokens, long[] Examples)
{
    /// <summary>B.</summary>
    public int Rows => Examples.Length;

    /// <summary>L.</summary>
    public int Length { get; } = Examples.Length > 0 && Tokens.Length % Examples.Length == 0
        ? Require.Positive(Tokens.Length / Examples.Length)
        : throw new ArgumentException($"{Tokens.Length} tokens cannot be shared out to {Examples.Length} rows", nameof(Tokens));

    /// <summary>B·L flags: whether a position is given; null where none is.</summary>
    /// <exception cref="ArgumentException">There is not one flag a token.</exception>
    public bool[]? Given
    {
        get;
        init
        {
            if (value is not null)
                Require.Length(value.Length, Tokens.Length);
            field = value;
        }
    }

    /// <summary>B numbers of tokens in front of the padding, in 0 .. L; null where there is no padding.</summary>
    /// <exception cref="ArgumentException">There is not one length an example, or one is out of range.</exception>
    public int[]? Lengths
    {
        get;
        init
        {
            if (value is not null)
            {
                Require.Length(value.Length, Rows);
                Array.ForEach(value, length => Require.Within(length, 0, Length));
            }

            field = value;
        }
    }

    /// <summary>Whether there are positions that are no targets.</summary>
    public bool IsConditional => Given is not null || Lengths is not null;

    /// <summary>Whether an example ends in padding.</summary>
    public bool IsPadded => Lengths?.Any(length => length < Length) == true;

    /// <summary>The tokens of one example.</summary>
    public ReadOnlySpan<long> Row(int row) => Tokens.AsSpan(row * Length, Length);

    /// <summary>Whether a position, by its index into <see cref="Tokens"/>, is given or padding.</summary>
    public bool IsGiven(int at) => Given?[at] == true || (Lengths is { } lengths && at % Length >= lengths[at / Length]);

    /// <summary>How many positions of an example are neither given nor padding.</summary>
    public int TargetsOf(int row)
    {
        int targets = Length;
        for (int at = row * Length; IsConditional && at < (row + 1) * Length; at++)
            targets -= IsGiven(at) ? 1 : 0;
        return targets;
    }

    /// <summary>Some of the examples, each as often as it is named.</summary>
    public ExampleBatch Select(IReadOnlyList<int> rows) =>
        new([.. rows.SelectMany(row => Row(row).ToArray())], [.. rows.Select(row => Examples[row])])
        {
            Given = Given is { } given ? [.. rows.SelectMany(row => given[(row * Length)..((row + 1) * Length)])] : null,
            Lengths = Lengths is { } lengths ? [.. rows.Select(row => lengths[row])] : null,
        };

    /// <summary>One batch behind the other.</summary>
    /// <param name="parts">Batches of one length, at least one.</param>
    public static ExampleBatch Join(IReadOnlyList<ExampleBatch> parts) =>
        new([.. parts.SelectMany(part => part.Tokens)], [.. parts.SelectMany(part => part.Examples)])
        {
            Given = parts.All(part => part.Given is null) ? null
                : [.. parts.SelectMany(part => part.Given ?? new bool[part.Tokens.Length])],
            Lengths = parts.All(part => part.Lengths is null) ? null
                : [.. parts.SelectMany(part => part.Lengths ?? Enumerable.Repeat(part.Length, part.Rows))],
        };

    /// <summary>What a shifted view reads: each row moved right by one, behind a first token.</summary>
    public long[] Shifted(long first)
    {
        var input = new long[Tokens.Length];
        for (int row = 0; row < Rows; row++)
        {
            input[row * Length] = first;
            Row(row)[..^1].CopyTo(input.AsSpan((row * Length) + 1));
        }

        return input;
    }
}

/// <summary>Numbered examples of one length, to train or to evaluate on.</summary>
public interface IExamples
{
    /// <summary>What their tokens are numbered by.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>L: tokens an example.</summary>
    int Length { get; }

    /// <summary>How many there are; <see cref="long.MaxValue"/> where they go on without end.</summary>
    long Count { get; }

    /// <summary>Examples in their order; each is a function of its place alone.</summary>
    /// <param name="first">The place of the first one.</param>
    /// <param name="count">B: how many.</param>
    ExampleBatch Read(long first, int count);
}

/// <summary>
/// Examples one behind the other, as a text: for what reads tokens alone. What cuts them into chunks of their length reads the examples
/// themselves, with what is given of them and their lengths.
/// </summary>
/// <param name="examples">A finite number of them.</param>
public sealed class ExampleTokens(IExamples examples) : ITokens
{
    private readonly Lazy<string> hash = new(() => HashOf(examples));

    /// <summary>The examples that a text of tokens is made of, where they have this length; null for what is cut into chunks.</summary>
    public static IExamples? Of(ITokens tokens, int length) =>
        tokens is ExampleTokens { Examples: var own } && own.Length == length ? own : null;

    /// <summary>The examples.</summary>
    public IExamples Examples => examples;

    /// <inheritdoc/>
    public Vocabulary Vocabulary => examples.Vocabulary;

    /// <inheritdoc/>
    public long Count => checked(examples.Count * examples.Length);

    /// <summary>SHA-256 of tokens, of what is given and of lengths.</summary>
    public string Hash => hash.Value;

    /// <inheritdoc/>
    public void CopyTo(long start, Span<long> into)
    {
        for (int done = 0; done < into.Length;)
        {
            var rest = examples.Read((start + done) / examples.Length, 1).Row(0)[(int)((start + done) % examples.Length)..];
            rest = rest[..Math.Min(rest.Length, into.Length - done)];
            rest.CopyTo(into[done..]);
            done += rest.Length;
        }
    }

    /// <inheritdoc/>
    public void CopyTo(long start, Span<int> into)
    {
        var tokens = new long[into.Length];
        CopyTo(start, tokens);
        for (int i = 0; i < tokens.Length; i++)
            into[i] = (int)tokens[i];
    }

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    private static string HashOf(IExamples examples)
    {
        const int Together = 256;
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long first = 0; first < examples.Count; first += Together)
        {
            var batch = examples.Read(first, (int)Math.Min(Together, examples.Count - first));
            for (int row = 0; row < batch.Rows; row++)
            {
                sum.AppendData(MemoryMarshal.AsBytes(batch.Row(row)));
                sum.AppendData([.. Enumerable.Range(row * batch.Length, batch.Length).Select(at => (byte)(batch.IsGiven(at) ? 1 : 0))]);
                sum.AppendData(BitConverter.GetBytes(batch.Lengths?[row] ?? batch.Length));
            }
        }

        return Convert.ToHexStringLower(sum.GetHashAndReset());
    }
}
