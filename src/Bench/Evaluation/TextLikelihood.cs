namespace Bench.Evaluation;

/// <summary>How likely a text is under a model.</summary>
/// <param name="Nats">−ln p of the tokens that count.</param>
/// <param name="Tokens">How many tokens of the model count.</param>
/// <param name="Characters">Characters of the text.</param>
public sealed record TextLikelihood(double Nats, int Tokens, int Characters);
