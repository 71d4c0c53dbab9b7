namespace Bench.Pretrained.Scorers;

/// <summary>A stretch of a sequence: tokens from Start are read, those from From to End, which is excluded, are predicted.</summary>
public readonly record struct Window(int Start, int From, int End);
