namespace Bench.Sampling.Released;

/// <summary>HDLM's penalty on repetition (arXiv 2504.06416): logits are divided by 1 + (strength − 1)·count/largest count, which raises the negative ones.</summary>
/// <remarks>Counts are those of the whole batch, and a token counts again in every step.</remarks>
/// <param name="size">V, mask included.</param>
/// <param name="strength">1 for none.</param>
internal sealed class ReleasedPenalty(int size, double strength)
{
    private readonly double[] counts = new double[size];

    public void Count(IEnumerable<long> tokens)
    {
        foreach (long token in tokens)
            counts[token]++;
    }

    public double[] Of(double[] logits)
    {
        double most = counts.Max();
        return most == 0 ? logits : [.. logits.Select((logit, y) => logit / (1 + ((strength - 1) * counts[y] / most)))];
    }
}
