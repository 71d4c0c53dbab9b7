namespace Bench.Evaluation;

/// <summary>A model with words of its own that assigns a likelihood to text: one from outside the suite.</summary>
public interface ITextJudge
{
    /// <summary>The name in tables.</summary>
    string Name { get; }

    /// <summary>−ln p of a text.</summary>
    TextLikelihood Of(string text);
}
