namespace Bench.Scoring;

/// <summary>−ln p of a text under a judge.</summary>
/// <param name="Nats">Over all tokens that were predicted.</param>
/// <param name="Tokens">How many were predicted, in the judge's own vocabulary.</param>
/// <param name="Characters">Code points of the text.</param>
public sealed record TextLikelihood(double Nats, int Tokens, int Characters);
