namespace Bench.Objectives;

/// <summary>How the masked positions of an example are drawn. The expectation of the bound is the same, its variance is not.</summary>
public enum Masking
{
    /// <summary>Each position by itself, as the forward process does.</summary>
    Independent,

    /// <summary>
    /// In each block of w positions that are denoised together, a number n uniform in 1 .. w, then a uniformly drawn set of n of them (the
    /// bound as a sum over subsets).
    /// </summary>
    ExactCount,
}
