using System.Collections.Immutable;
using Bench.Data.Tokens;

namespace Bench.Sampling;

/// <summary>Words that are given instead of generated, at any positions: a beginning, an end, or all but some gaps.</summary>
/// <remarks>
/// The network sees them as tokens that are visible already; the hyperschedule stays what it is. So a model whose tokens see everybody fills gaps with a view to both
/// sides, and one that goes from left to right only to the left.
/// </remarks>
public sealed record Prompt
{
    private readonly ImmutableArray<ImmutableArray<int?>> rows;

    private Prompt(ImmutableArray<ImmutableArray<int?>> rows) => this.rows = rows;

    /// <summary>Nothing given.</summary>
    public static Prompt None { get; } = new([[]]);

    /// <summary>The same words for all sequences, from position 0 on; null is a gap.</summary>
    public static Prompt Of(IEnumerable<int?> words) => new([[.. words]]);

    /// <summary>A beginning of its own for each sequence; where there are more sequences than beginnings, they are used in turn.</summary>
    public static Prompt Each(IEnumerable<IEnumerable<int>> beginnings) => new([.. beginnings.Select(words => ImmutableArray.CreateRange(words.Select(word => (int?)word)))]);

    /// <summary>What is given of examples, one a sequence; where there are more sequences than examples, they are used in turn.</summary>
    public static Prompt Of(ExampleBatch examples) => new([.. Enumerable.Range(0, examples.Rows).Select(row => ImmutableArray.CreateRange(
        Enumerable.Range(row * examples.Length, examples.Length).Select(at => examples.IsGiven(at) ? (int?)examples.Tokens[at] : null)))]);

    /// <summary>The word of a sequence at a position; null where it is to be generated.</summary>
    public int? At(int sequence, int position) => rows[sequence % rows.Length] is var row && position < row.Length ? row[position] : null;

    /// <summary>What is wrong with it for sequences of a length over a number of words; null if nothing is.</summary>
    public string? Problem(int length, int words) =>
        rows.Any(row => row.Length > length) ? $"the prompt has {rows.Max(row => row.Length)} words, but sequences have {length}"
        : rows.SelectMany(row => row).FirstOrDefault(word => word is { } given && (given < 0 || given >= words)) is { } stranger ? $"the prompt has word {stranger}, but words go from 0 to {words - 1}"
        : null;
}
