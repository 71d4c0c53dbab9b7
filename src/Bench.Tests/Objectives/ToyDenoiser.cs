namespace Bench.Tests.Objectives;

/// <summary>
/// Three tokens and a mask, four positions; logit(i, v | z) = sin(1.3 (i + 1)(v + 1) + 0.7 S (v + 1)/(i + 1)) with S = Σ_j (j + 1)(z_j +
/// 1).
/// </summary>
/// <remarks>It looks at every token, the ones ahead included, so that identities are tested on a denoiser without any structure.</remarks>
internal sealed class ToyDenoiser() : SequenceDenoiser(ToyDenoiser.TokenCount)
{
    public const int TokenCount = 3;

    public static double Logit(int position, int token, ReadOnlySpan<long> z)
    {
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
            sum += (j + 1) * (z[j] + 1);
        return Math.Sin((1.3 * (position + 1) * (token + 1)) + (0.7 * sum * (token + 1) / (position + 1)));
    }

    /// <summary>−ln p(token | z) at a position, the softmax over tokens.</summary>
    public static double Nats(int position, long token, ReadOnlySpan<long> z)
    {
        double total = 0;
        for (int v = 0; v < TokenCount; v++)
            total += Math.Exp(Logit(position, v, z));
        return Math.Log(total) - Logit(position, (int)token, z);
    }

    protected override double[] Answer(int position, long[] seen) =>
        [.. Enumerable.Range(0, TokenCount).Select(v => Logit(position, v, seen))];
}
