using Bench.Models;
using Bench.Noise;

namespace Bench.Sampling;

/// <summary>One token in one step: what it is, and how noisy it is before and after.</summary>
/// <param name="Problem">Noise and hyperschedule.</param>
/// <param name="Step">The step.</param>
/// <param name="Token">x_t.</param>
/// <param name="S">The marginal after the step.</param>
/// <param name="T">The marginal before it.</param>
public readonly record struct Moment(Denoising Problem, int Step, long Token, Marginal S, Marginal T)
{
    /// <summary>Whether the token is a mask.</summary>
    public bool IsMasked => Token == Problem.Words.MaskId;

    /// <summary>Whether the step settles it.</summary>
    public bool Settles => S == Marginal.Clean;

    /// <summary>A token of a canvas.</summary>
    public static Moment Of(Canvas canvas, int step, int at)
    {
        var (s, t) = canvas.Step(step, at);
        return new(canvas.Problem, step, canvas.Tokens[at], s, t);
    }
}
