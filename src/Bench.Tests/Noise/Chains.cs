using Bench.Noise;
using MathNet.Numerics.LinearAlgebra;

namespace Bench.Tests.Noise;

/// <summary>Chains as full matrices over the words and the mask, which is last. Columns are where a token comes from.</summary>
internal static class Chains
{
    /// <summary>q(x_t | x_s).</summary>
    public static Matrix<double> Matrix(Transition step, int words) => Full(words, (y, x) => step.Probability(y, x, words));

    /// <summary>q(x_t | x_0) as a distribution.</summary>
    public static Vector<double> Distribution(Marginal marginal, int x0, int words) => Vector<double>.Build.Dense(words + 1, y => marginal.Probability(y, x0, words));

    /// <summary>Q: rates off the diagonal, columns that sum to zero.</summary>
    public static Matrix<double> Generator(JumpRates rates, int words)
    {
        var into = Full(words, (y, x) => x == words ? rates.Unmask / words : y == words ? rates.Mask : rates.Uniform / words);
        for (int x = 0; x <= words; x++)
            into[x, x] -= into.Column(x).Sum();
        return into;
    }

    /// <summary>e^A: Taylor's series of a matrix made small, squared back.</summary>
    public static Matrix<double> Exponential(Matrix<double> a)
    {
        int squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(a.L1Norm() + 1e-300)) + 4);
        var small = a / Math.Pow(2, squarings);
        var term = Matrix<double>.Build.DenseIdentity(a.RowCount);
        var sum = term.Clone();
        for (int k = 1; k <= 18; k++)
        {
            term = term * small / k;
            sum += term;
        }

        for (int k = 0; k < squarings; k++)
            sum *= sum;
        return sum;
    }

    private static Matrix<double> Full(int words, Func<int, int, double> entry) => Matrix<double>.Build.Dense(words + 1, words + 1, entry);
}
