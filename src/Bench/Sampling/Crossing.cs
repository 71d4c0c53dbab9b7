namespace Bench.Sampling;

/// <summary>Which side of a nucleus the word falls on that crosses its edge.</summary>
public enum Crossing
{
    /// <summary>It is the last one in: the words that are kept have the probability that was asked for at least (Holtzman et al., arXiv 1904.09751; Duo).</summary>
    Kept,

    /// <summary>It is the first one out, unless it is the only one: the words that are kept have that probability at most (BD3-LM, ReMDM).</summary>
    Dropped,
}
