namespace Bench.Objectives;

/// <summary>How the masked positions of an example are drawn. The expectation of the bound is the same, its variance is not.</summary>
public enum Masking
{
    /// <summary>Each position by itself, as the forward process does.</summary>
    Independent,

    /// <summary>A number n uniform in 1 .. L, then a uniformly drawn set of n positions (the bound as a sum over subsets).</summary>
    ExactCount,
}
