namespace Bench.Metrics;

/// <summary>Up to four words in a row, by their numbers; −1 where there is none.</summary>
internal readonly record struct Gram(int A, int B, int C, int D);
