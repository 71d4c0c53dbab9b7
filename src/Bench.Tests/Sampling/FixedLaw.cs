namespace Bench.Tests.Sampling;

/// <summary>A denoiser that looks at nothing: every position has one law, or one of its own.</summary>
internal sealed class FixedLaw(params double[][] laws) : SequenceDenoiser(laws[0].Length)
{
    protected override double[] Answer(int position, long[] seen) => [.. laws[position % laws.Length].Select(p => Math.Log(p))];
}
