using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Bench.Evaluation.Divergence;

/// <summary>Principal components: points in the fewest directions that hold a share of their variance.</summary>
public static class PrincipalComponents
{
    /// <summary>The points about their mean, along those directions.</summary>
    /// <param name="points">[n][d]</param>
    /// <param name="share">Of the variance that is kept.</param>
    /// <returns>[n][m], m ≤ d; one column of zeros where all points are alike.</returns>
    public static double[][] Of(double[][] points, double share)
    {
        Matrix<double> centred = DenseMatrix.OfRowArrays(points);                       // [n, d]
        var mean = centred.ColumnSums() / points.Length;
        centred.MapIndexedInplace((_, column, value) => value - mean[column]);
        var directions = centred.TransposeThisAndMultiply(centred).Svd();               // of [d, d], the largest variance first
        double all = directions.S.Sum();
        if (!(all > 0))
            return [.. points.Select(_ => new double[1])];
        var (kept, sum) = (0, 0.0);
        while (kept < directions.S.Count && sum < share * all)
            sum += directions.S[kept++];
        return (centred * directions.U.SubMatrix(0, directions.U.RowCount, 0, kept)).ToRowArrays();
    }
}
