namespace Bench.Tests.Objectives;

/// <summary>All strings of a length over the first few symbols.</summary>
internal static class AllStrings
{
    public static long[][] Of(int symbols, int length) => length == 0
        ? [[]]
        : [.. Of(symbols, length - 1).SelectMany(start => Enumerable.Range(0, symbols).Select(symbol => (long[])[.. start, symbol]))];
}
