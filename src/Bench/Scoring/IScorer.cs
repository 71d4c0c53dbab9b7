namespace Bench.Scoring;

/// <summary>A model that says how likely generated text is.</summary>
public interface IScorer
{
    /// <summary>The name in tables.</summary>
    string Name { get; }

    /// <summary>How it judges, in words.</summary>
    string Protocol { get; }

    /// <summary>−ln p of each text; infinite for one that the model holds impossible.</summary>
    /// <param name="texts">Sequences.</param>
    /// <param name="stop">Cancels.</param>
    TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default);
}
