namespace Bench.Evaluation.Quality;

/// <summary>The three texts that an n-gram occurs most often in: enough to know the most often one but for any two.</summary>
internal readonly record struct MostOften((int Count, int Text) First, (int Count, int Text) Second, (int Count, int Text) Third)
{
    private static readonly (int Count, int Text) Nowhere = (0, -1);

    public static MostOften None { get; } = new(Nowhere, Nowhere, Nowhere);

    /// <summary>With one text more.</summary>
    public MostOften With(int text, int count) =>
        count > First.Count ? new((count, text), First, Second)
        : count > Second.Count ? new(First, (count, text), Second)
        : count > Third.Count ? this with { Third = (count, text) }
        : this;

    /// <summary>How often in the other text that has most of it, which one that is, and how often in the next.</summary>
    public (int Best, int Owner, int Next) Except(int text) =>
        First.Text == text ? (Second.Count, Second.Text, Third.Count)
        : Second.Text == text ? (First.Count, First.Text, Third.Count)
        : (First.Count, First.Text, Second.Count);
}
