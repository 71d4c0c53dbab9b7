namespace Bench.Scoring;

/// <summary>Says how likely a text is, whatever made it.</summary>
public interface ITextScorer
{
    /// <summary>Short, lower case, fit for a table. Judges that score differently differ in name.</summary>
    string Name { get; }

    /// <summary>How it reads a text, in words.</summary>
    string Protocol { get; }

    /// <summary>The likelihood of a text on its own.</summary>
    TextLikelihood Of(string text);
}
