namespace Bench.Tests.Sampling;

/// <summary>A denoiser that looks at nothing: every position has one distribution, or one of its own.</summary>
internal sealed class FixedDenoiser(params double[][] distributions) : SequenceDenoiser(distributions[0].Length)
{
    protected override double[] Answer(int position, long[] seen) => [.. distributions[position % distributions.Length].Select(p => Math.Log(p))];
}
