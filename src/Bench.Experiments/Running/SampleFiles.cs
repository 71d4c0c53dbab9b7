using Bench.Results;

namespace Bench.Experiments.Running;

/// <summary>Texts as files.</summary>
internal static class SampleFiles
{
    /// <summary>Writes <c>samples/sample-01.txt</c> and so on.</summary>
    /// <param name="context">The run.</param>
    /// <param name="sequences">A text each.</param>
    public static void Write(RunContext context, int[][] sequences)
    {
        string digits = new('0', $"{sequences.Length}".Length);
        foreach (var (i, sequence) in sequences.Index())
            context.Folder.Write(new Sample($"sample-{(i + 1).ToString(digits)}", context.Data.Tokenizer.Decode(sequence) + "\n"));
    }
}
