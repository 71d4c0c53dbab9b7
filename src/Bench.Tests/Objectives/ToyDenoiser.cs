namespace Bench.Tests.Objectives;

/// <summary>Three words and a mask, four positions; logit(i, v | z) = sin(1.3 (i + 1)(v + 1) + 0.7 S (v + 1)/(i + 1)) with S = Σ_j (j + 1)(z_j + 1).</summary>
/// <remarks>It looks at every token, the ones ahead included, so that identities are tested on a denoiser without any structure.</remarks>
internal sealed class ToyDenoiser() : SequenceDenoiser(ToyDenoiser.Words)
{
    public const int Words = 3;

    public static double Logit(int position, int word, ReadOnlySpan<long> z)
    {
        double sum = 0;
        for (int j = 0; j < z.Length; j++)
            sum += (j + 1) * (z[j] + 1);
        return Math.Sin((1.3 * (position + 1) * (word + 1)) + (0.7 * sum * (word + 1) / (position + 1)));
    }

    /// <summary>−ln p(word | z) at a position, the softmax over words.</summary>
    public static double Nats(int position, long word, ReadOnlySpan<long> z)
    {
        double total = 0;
        for (int v = 0; v < Words; v++)
            total += Math.Exp(Logit(position, v, z));
        return Math.Log(total) - Logit(position, (int)word, z);
    }

    protected override double[] Answer(int position, long[] seen) => [.. Enumerable.Range(0, Words).Select(v => Logit(position, v, seen))];
}
