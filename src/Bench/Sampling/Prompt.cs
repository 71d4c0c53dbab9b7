using System.Collections.Immutable;
using Bench.Data.Tokens;

namespace Bench.Sampling;

/// <summary>Tokens that are given instead of generated, at any positions: a beginning, an end, or all but some gaps.</summary>
/// <remarks>
/// The network sees them as tokens that are visible already; the hyperschedule stays what it is. So a model with full attention fills gaps
/// with a view to both sides, and one that goes from left to right only to the left.
/// </remarks>
public sealed record Prompt
{
    private readonly ImmutableArray<ImmutableArray<int?>> rows;

    private readonly ImmutableArray<int> lengths; // of the rows, where they end in padding

    private Prompt(ImmutableArray<ImmutableArray<int?>> rows, ImmutableArray<int> lengths = default) =>
        (this.rows, this.lengths) = (rows, lengths.IsDefault ? [] : lengths);

    /// <summary>Nothing given.</summary>
    public static Prompt None { get; } = new([[]]);

    /// <summary>The same tokens for all sequences, from position 0 on; null is a gap.</summary>
    public static Prompt Of(IEnumerable<int?> tokens) => new([[.. tokens]]);

    /// <summary>A beginning of its own for each sequence; where there are more sequences than beginnings, they are used in turn.</summary>
    public static Prompt Each(IEnumerable<IEnumerable<int>> beginnings) =>
        new([.. beginnings.Select(tokens => ImmutableArray.CreateRange(tokens.Select(token => (int?)token)))]);

    /// <summary>
    /// What is given of examples, and their lengths, one a sequence; where there are more sequences than examples, they are used in turn.
    /// </summary>
    public static Prompt Of(ExampleBatch examples) => new(
        [.. Enumerable.Range(0, examples.Rows).Select(row => ImmutableArray.CreateRange(
            Enumerable.Range(row * examples.Length, examples.Length)
                .Select(at => examples.IsGiven(at) ? (int?)examples.Tokens[at] : null)))],
        examples.IsPadded ? [.. examples.Lengths!] : []);

    /// <summary>Whether a sequence ends in padding, which is hidden from the network.</summary>
    public bool IsPadded => !lengths.IsEmpty;

    /// <summary>The length of a sequence in front of its padding; all of it where there is none.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="whole">L.</param>
    public int LengthOf(int sequence, int whole) => IsPadded ? lengths[sequence % lengths.Length] : whole;

    /// <summary>The token of a sequence at a position; null where it is to be generated.</summary>
    public int? At(int sequence, int position) => rows[sequence % rows.Length] is var row && position < row.Length ? row[position] : null;

    /// <summary>What is wrong with it for sequences of a length over a number of tokens; null if nothing is.</summary>
    public string? Problem(int length, int tokenCount) =>
        rows.Any(row => row.Length > length) ? $"the prompt has {rows.Max(row => row.Length)} tokens, but sequences have {length}"
        : rows.SelectMany(row => row).FirstOrDefault(token => token is { } given && (given < 0 || given >= tokenCount)) is { } stranger
            ? $"the prompt has token {stranger}, but tokens go from 0 to {tokenCount - 1}"
        : null;
}
