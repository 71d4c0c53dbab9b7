namespace Bench.Data.Tokenizers;

/// <summary>Which two neighbours become one symbol, and which pair of a text does so first.</summary>
internal interface IMergeRule
{
    /// <summary>Looks a pair up.</summary>
    /// <param name="left">A symbol.</param>
    /// <param name="right">The symbol after it.</param>
    /// <param name="merged">What the two become.</param>
    /// <param name="order">The pair with the least order goes first; of equal ones, the leftmost.</param>
    bool TryMerge(int left, int right, out int merged, out double order);
}
