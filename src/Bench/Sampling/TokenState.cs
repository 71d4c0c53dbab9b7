using Bench.Backbone;
using Bench.Noise;

namespace Bench.Sampling;

/// <summary>One token in one step: what it is, and how noisy it is before and after.</summary>
/// <param name="Setup">Noise and hyperschedule.</param>
/// <param name="Step">The step.</param>
/// <param name="Token">x_t.</param>
/// <param name="S">The marginal after the step.</param>
/// <param name="T">The marginal before it.</param>
public readonly record struct TokenState(DiffusionSetup Setup, int Step, long Token, Marginal S, Marginal T)
{
    /// <summary>Whether the token is a mask.</summary>
    public bool IsMasked => Token == Setup.Vocabulary.MaskId;

    /// <summary>Whether the step settles it.</summary>
    public bool Settles => S == Marginal.Clean;

    /// <summary>A token of a generation state.</summary>
    public static TokenState Of(GenerationState state, int step, int at)
    {
        var (s, t) = state.Step(step, at);
        return new(state.Setup, step, state.Tokens[at], s, t);
    }
}

/// <summary>What becomes of a token in a step, decided before the network is asked.</summary>
/// <param name="Masked">The probability that a token is masked.</param>
/// <param name="Drawn">The probability that the token is drawn from what the network predicts. Otherwise it stays what it is.</param>
public readonly record struct MoveProbabilities(double Masked, double Drawn)
{
    /// <summary>
    /// Those of a step that also masks tokens again: a token is masked with probability σ, a mask is revealed as often as makes up for it.
    /// </summary>
    /// <param name="masked">Whether the token is a mask.</param>
    /// <param name="rate">σ, at most <see cref="Remasking.Most"/>.</param>
    /// <param name="s">The marginal after the step.</param>
    /// <param name="t">The marginal before it.</param>
    public static MoveProbabilities WithRemasking(bool masked, double rate, Marginal s, Marginal t) =>
        masked ? new(0, Remasking.Revealed(rate, s, t)) : new(rate, 0);
}
