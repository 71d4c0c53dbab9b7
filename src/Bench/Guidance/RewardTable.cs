using Bench.Data.Tokenizers;

namespace Bench.Guidance;

/// <summary>A reward of text by its name: what it is, and how it is made for a tokenizer.</summary>
/// <param name="Name">Its name in definitions.</param>
/// <param name="Summary">What it is, in a line.</param>
/// <param name="Make">The reward of sequences of the tokenizer's tokens.</param>
public sealed record RewardRow(string Name, string Summary, Func<ITokenizer, IReward> Make);

/// <summary>Rewards of text by name. A new reward is a new row; tasks may have others of their own.</summary>
public static class RewardTable
{
    private static readonly string[] Words =
        ["peace", "war", "people", "congress", "states", "government", "public", "treaty", "army", "law"]; // stored name

    /// <summary>The rows.</summary>
    public static IReadOnlyList<RewardRow> Rows { get; } =
    [
        new("lipogram", "minus the number of letters e", tokenizer => new AdditiveReward(
            "lipogram",
            [.. Enumerable.Range(0, tokenizer.Vocabulary.TokenCount).Select(token => -(double)Letters(tokenizer.Decode([token])))])),
        new("civic-words", "whole words such as peace, war, people or congress; 6 at most", tokenizer => new TextReward(
            "civic-words", tokenizer, text => Math.Min(6, text.Split((char[]?)null).Count(Words.Contains)))),
        new("twenty-spaces", "minus half of how far the number of spaces is from 20", tokenizer => new TextReward(
            "twenty-spaces", tokenizer, text => -Math.Abs(text.Count(letter => letter == ' ') - 20) / 2.0)),
    ];

    /// <summary>The row of a name; null where there is none.</summary>
    public static RewardRow? Find(string name) => Rows.FirstOrDefault(row => row.Name == name);

    private static int Letters(string text) => text.Count(letter => letter is 'e' or 'E');

    /// <summary>A reward of the text that tokens stand for.</summary>
    private sealed class TextReward(string name, ITokenizer tokenizer, Func<string, double> of) : IReward
    {
        public string Name => name;

        public double Of(ReadOnlySpan<int> tokens) => of(tokenizer.Decode(tokens));
    }
}
