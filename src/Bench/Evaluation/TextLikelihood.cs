namespace Bench.Evaluation;

/// <summary>−ln p of a text under a judge.</summary>
/// <param name="Nats">Over all tokens that were predicted.</param>
/// <param name="Tokens">How many were predicted, in the judge's own vocabulary.</param>
/// <param name="Characters">Code points of the text.</param>
public sealed record TextLikelihood(double Nats, int Tokens, int Characters)
{
    /// <summary>e^(nats per token); NaN where nothing was predicted. Judges of different vocabularies cannot be compared by it.</summary>
    public double Perplexity => Math.Exp(Nats / Tokens);

    /// <summary>Comparable between vocabularies; NaN for an empty text.</summary>
    public double BitsPerCharacter => Nats / Math.Log(2) / Characters;

    /// <summary>The likelihood of both texts, each on its own: sums of these give the token-weighted perplexity of a set.</summary>
    public static TextLikelihood operator +(TextLikelihood left, TextLikelihood right) =>
        new(left.Nats + right.Nats, left.Tokens + right.Tokens, left.Characters + right.Characters);
}
