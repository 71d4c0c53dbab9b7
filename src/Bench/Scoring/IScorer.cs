using Bench.Results.Metrics;

namespace Bench.Scoring;

/// <summary>A model that says how likely generated text is.</summary>
public interface IScorer
{
    /// <summary>The name in tables.</summary>
    string Name { get; }

    /// <summary>How it scores, as text.</summary>
    string Protocol { get; }

    /// <summary>−ln p of each text; infinite for one that the model holds impossible.</summary>
    /// <param name="texts">Sequences.</param>
    /// <param name="stop">Cancels.</param>
    TextLikelihood[] Of(IReadOnlyList<GeneratedText> texts, CancellationToken stop = default);
}

/// <summary>−ln p of a text under a scorer.</summary>
/// <param name="Nats">Over all tokens that were predicted.</param>
/// <param name="Tokens">How many were predicted, in the scorer's own vocabulary.</param>
/// <param name="Characters">Code points of the text.</param>
public sealed record TextLikelihood(double Nats, int Tokens, int Characters);
