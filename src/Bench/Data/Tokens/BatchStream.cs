
using System.Diagnostics.CodeAnalysis;
using Bench.Numerics;
using Bench.Results;

namespace Bench.Data.Tokens;

/// <summary>
/// Shuffled training chunks without an end. Each epoch cuts the text anew, at a random phase, into chunks that do not overlap, and visits
/// each of them once in a random order; of <see cref="ExampleTokens"/> it visits each example once. Example number n of a run is a pure
/// function of the stream and n: it does not depend on the batch size or on where a run resumed.
/// </summary>
/// <param name="tokens">The training part.</param>
/// <param name="length">L: tokens a chunk.</param>
/// <param name="batchSize">B: chunks a batch.</param>
/// <param name="random">Draws phases and orders.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of batches, not of bytes: the field's term.")]
public sealed class BatchStream(ITokens tokens, int length, int batchSize, RandomStream random) : IExamples
{
    private readonly IExamples? own = ExampleTokens.Of(tokens, length);
    private Epoch? latest; // Orders are large; batches come in turn and mostly share one.

    /// <inheritdoc/>
    public Vocabulary Vocabulary => tokens.Vocabulary;

    /// <inheritdoc/>
    public long Count => long.MaxValue;

    /// <summary>L: tokens a chunk.</summary>
    public int Length { get; } = Require.Positive(length);

    /// <summary>B: chunks a batch.</summary>
    public int BatchSize { get; } = Require.Positive(batchSize);

    /// <summary>Chunks in an epoch: as many as fit whatever the phase.</summary>
    public int ChunksPerEpoch { get; } = CountChunks(tokens, length);

    /// <inheritdoc/>
    public ExampleBatch Read(long first, int count)
    {
        long[] examples = [.. Enumerable.Range(0, Require.Positive(count)).Select(row => first + row)];
        if (own is not null)
            return ExampleBatch.Join([.. examples.Select(example => own.Read(Start(example) / Length, 1))]) with { Examples = examples };
        var chunks = new long[checked(count * Length)];
        for (int row = 0; row < count; row++)
            tokens.CopyTo(Start(examples[row]), chunks.AsSpan(row * Length, Length));
        return new ExampleBatch(chunks, examples);
    }

    /// <summary>Where in the training part an example begins.</summary>
    public long Start(long example)
    {
        long number = Math.DivRem(Require.NonNegative(example), ChunksPerEpoch, out long position);
        var epoch = latest;
        if (epoch?.Number != number)
            latest = epoch =
                new(number, own is null ? random.Split("phase").Below(Length, number, 0) : 0,
                    random.Split("order").Permutation(ChunksPerEpoch, number));
        return epoch.Phase + ((long)epoch.Order[position] * Length);
    }

    // The largest phase, L − 1, leaves the fewest chunks; all epochs have that many, so that an example's epoch is a division.
    private static int CountChunks(ITokens tokens, int length)
    {
        long count = tokens.Count, chunks = ExampleTokens.Of(tokens, length)?.Count ?? (count - length + 1) / length;
        return chunks > 0
            ? checked((int)chunks)
            : throw new SuiteException($"the training part holds {count} tokens, too few to cut chunks of {length} from",
                $"Use a length of at most {(count + 1) / 2}, or a larger corpus.");
    }

    private sealed record Epoch(long Number, int Phase, int[] Order);
}
