using Bench.Numerics;

namespace Bench.Backbone;

/// <summary>How a network's outputs are read as scores q_t(y)/q_t(x_t) (SEDD, arXiv 2310.16834).</summary>
public static class ScoreOutput
{
    /// <summary>
    /// ln(e^σ − 1) + ln N: what SEDD lowers outputs by for absorbing noise, where a masked token's scores sum to 1/(e^σ − 1).
    /// </summary>
    public static double Offset(double sigma, int tokenCount) => sigma + Math.Log(Exponential.Jumped(sigma)) + Math.Log(tokenCount);

    /// <summary>
    /// Turns the outputs of one position into scores: e^{output − offset}, and 1 for the current token whatever the network says.
    /// </summary>
    /// <param name="outputs">N + 1 numbers, in place.</param>
    /// <param name="xt">The current token.</param>
    /// <param name="offset">By how much outputs are lowered.</param>
    public static void Read(Span<double> outputs, long xt, double offset)
    {
        for (int y = 0; y < outputs.Length; y++)
            outputs[y] = Math.Exp(outputs[y] - offset);
        outputs[(int)xt] = 1;
    }
}
