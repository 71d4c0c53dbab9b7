namespace Bench.Tests.Golden;

/// <summary>Token ids by row, as released samplers hold them.</summary>
internal static class GoldenTokens
{
    public static long[][] Rows(GoldenInput tokens) => [.. tokens.EnumerateArray().Select(GoldenCase.Integers)];

    /// <summary>Masks behind a prompt, where the inputs have one.</summary>
    public static long[][] Masks(GoldenCase golden, int batch, int length, long maskId)
    {
        long[][] x = [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Repeat(maskId, length).ToArray())];
        if (golden.Inputs.TryGetProperty("prompt", out var prompt))
        {
            foreach (var (row, given) in Rows(prompt).Index())
                given.CopyTo(x[row], 0);
        }

        return x;
    }
}
