using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>
/// Matrices brought near an orthogonal one by five Newton-Schulz iterations, as Muon does: of X = U diag(s) Vᵀ with ‖X‖ = 1 comes
/// U diag(p(s)) Vᵀ, where p is X ← aX + (bA + cA²)X with A = XXᵀ, applied five times.
/// </summary>
/// <remarks>
/// The coefficients are chosen for speed near 0, where p has the slope a⁵ = 485, and p does not tend to 1: singular values in [0.01, 1]
/// come into [0.68, 1.14], 1 itself to 0.696, and 0.001 to 0.47. The result is never UVᵀ.
/// </remarks>
internal static class NewtonSchulz
{
    private const double A = 3.4445, B = -4.7750, C = 2.0315;
    private const double LeastNorm = 1e-7; // added to the norm: a matrix of zeros stays one
    private const int Iterations = 5;

    /// <summary>Orthogonalises each matrix by itself.</summary>
    /// <param name="matrices">[N, m, n] with m ≤ n, so that A is the smaller of the two products.</param>
    /// <returns>[N, m, n] in the same type.</returns>
    public static Tensor Of(Tensor matrices)
    {
        using var scope = NewDisposeScope();
        var x = matrices / (matrices.square().sum([1, 2], keepdim: true).sqrt() + LeastNorm);
        for (int i = 0; i < Iterations; i++)
        {
            using var iteration = NewDisposeScope();
            var a = x.bmm(x.transpose(1, 2));                                       // [N, m, m]
            var polynomial = a.mul(B).add_(a.bmm(a), C);                            // bA + cA²
            x = x.mul(A).add_(polynomial.bmm(x)).MoveToOuterDisposeScope();
        }

        return x.MoveToOuterDisposeScope();
    }
}
