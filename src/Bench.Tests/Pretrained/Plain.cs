namespace Bench.Tests.Pretrained;

/// <summary>Layers of networks, on arrays.</summary>
internal static class Plain
{
    public static double Dot(double[] left, double[] right) => left.Zip(right, (a, b) => a * b).Sum();

    public static void AddTo(double[] sum, double[] term)
    {
        for (int i = 0; i < sum.Length; i++)
            sum[i] += term[i];
    }

    public static double[] Softmax(double[] scores)
    {
        double[] exponentials = [.. scores.Select(score => Math.Exp(score - scores.Max()))];
        return [.. exponentials.Select(value => value / exponentials.Sum())];
    }

    /// <summary>−ln p of tokens from..L−1 of a sequence, given the logits behind each token.</summary>
    public static double[] Nats(double[][] logits, long[] tokens, int from = 1) =>
        [.. Enumerable.Range(from, tokens.Length - from).Select(i => -Math.Log(Softmax(logits[i - 1])[tokens[i]]))];
}
