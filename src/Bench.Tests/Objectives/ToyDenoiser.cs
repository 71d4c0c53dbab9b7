using Bench.Models;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

/// <summary>Three words and a mask, four positions; logit(i, v | z) = sin(1.3 (i + 1)(v + 1) + 0.7 S (v + 1)/(i + 1)) with S = Σ_j (j + 1)(z_j + 1).</summary>
/// <remarks>It looks at every token, the ones ahead included, so that identities are tested on a denoiser without any structure.</remarks>
internal sealed class ToyDenoiser : IDenoiser
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

    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? positions = null)
    {
        long[] z = tokens.data<long>().ToArray();
        var (rows, length) = ((int)tokens.size(0), (int)tokens.size(1));
        var logits = new double[rows * length * (Words + 1)];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < length; i++)
            {
                for (int v = 0; v < Words; v++)
                    logits[(((row * length) + i) * (Words + 1)) + v] = Logit(i, v, z.AsSpan(row * length, length));
            }
        }

        using var scope = NewDisposeScope();
        var all = tensor(logits, [rows, length, Words + 1]);
        return (positions is null ? all.alias() : all.flatten(0, 1).index_select(0, positions)).MoveToOuterDisposeScope();
    }
}
