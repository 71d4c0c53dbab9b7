namespace Bench.Sampling.Released.Draws;

/// <summary>The draw of HDLM's ε-hybrids (arXiv 2504.06416): the largest e^ℓ/(−ln u)^T, one u for each index. Its law is softmax(ℓ/T); T = 0 takes the largest logit.</summary>
/// <param name="Draws">The u.</param>
/// <param name="Temperature">T.</param>
public sealed record TemperedRace(IDraws Draws, double Temperature = 1) : IPick
{
    /// <summary>The index drawn.</summary>
    /// <param name="weights">Logits ℓ.</param>
    public int From(ReadOnlySpan<double> weights)
    {
        int winner = 0;
        double best = double.NegativeInfinity;
        for (int y = 0; y < weights.Length; y++)
        {
            double place = Math.Exp(weights[y]) / Math.Pow(-Math.Log(Draws.Uniform()), Temperature);
            if (place > best)
                (winner, best) = (y, place);
        }

        return winner;
    }
}
