using Bench.Noise;
using MathNet.Numerics.LinearAlgebra;

namespace Bench.Tests.Noise;

/// <summary>Chains as full matrices over the tokens and the mask, which is last. Columns are where a token comes from.</summary>
internal static class Chains
{
    /// <summary>q(x_t | x_s).</summary>
    public static Matrix<double> Matrix(Transition step, int tokenCount) => Full(tokenCount, (y, x) => step.Probability(y, x, tokenCount));

    /// <summary>q(x_t | x_0) as a distribution.</summary>
    public static Vector<double> Distribution(Marginal marginal, int x0, int tokenCount) =>
        Vector<double>.Build.Dense(tokenCount + 1, y => marginal.Probability(y, x0, tokenCount));

    /// <summary>Q: rates off the diagonal, columns that sum to zero.</summary>
    public static Matrix<double> Generator(JumpRates rates, int tokenCount)
    {
        var into = Full(tokenCount,
            (y, x) => x == tokenCount ? rates.Unmask / tokenCount : y == tokenCount ? rates.Mask : rates.Uniform / tokenCount);
        for (int x = 0; x <= tokenCount; x++)
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

    private static Matrix<double> Full(int tokenCount, Func<int, int, double> entry) =>
        Matrix<double>.Build.Dense(tokenCount + 1, tokenCount + 1, entry);
}
