namespace Bench.Reference.Sampling;

/// <summary>
/// MDLM's autoregressive sampler (arXiv 2406.07524): token by token, the whole prefix through the network each time. Right.
/// </summary>
public static class ReleasedNextToken
{
    /// <summary>Generates, in place.</summary>
    /// <param name="network">Gives log-probabilities of the next token.</param>
    /// <param name="x">[B][L], each with its first token.</param>
    /// <param name="pick">The draw; it is given log-probabilities.</param>
    public static void Run(ReleasedNetwork network, long[][] x, IPick pick)
    {
        for (int i = 1; i < x[0].Length; i++)
        {
            double[][][] outputs = network(new ReleasedCall(Array.ConvertAll(x, row => row[..i])));
            for (int row = 0; row < x.Length; row++)
                x[row][i] = pick.From(outputs[row][i - 1]);
        }
    }
}
