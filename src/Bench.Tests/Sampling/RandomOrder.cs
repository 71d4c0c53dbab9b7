using Bench.Tests.Objectives;

namespace Bench.Tests.Sampling;

/// <summary>The toy, drawn token by token in an order that is drawn uniformly: the limit of infinitely short ancestral steps.</summary>
internal static class RandomOrder
{
    /// <summary>By sequence of tokens, in the order of <see cref="AllStrings"/>.</summary>
    public static double[] Distribution(int length)
    {
        int[][] orders = Orders(length);
        return [.. AllStrings.Of(ToyDenoiser.TokenCount, length).Select(x => orders.Average(order => Math.Exp(-Nats(order, x))))];
    }

    /// <summary>−ln of the probability of a sequence that is drawn in an order.</summary>
    public static double Nats(int[] order, long[] x)
    {
        long[] z = [.. Enumerable.Repeat((long)ToyDenoiser.TokenCount, x.Length)];
        double nats = 0;
        foreach (int i in order)
        {
            nats += ToyDenoiser.Nats(i, x[i], z);
            z[i] = x[i];
        }

        return nats;
    }

    /// <summary>The L! orders.</summary>
    public static int[][] Orders(int length) =>
        [.. AllStrings.Of(length, length).Where(order => order.Distinct().Count() == length)
            .Select(order => Array.ConvertAll(order, i => (int)i))];
}
