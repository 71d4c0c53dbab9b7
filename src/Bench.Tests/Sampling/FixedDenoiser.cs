namespace Bench.Tests.Sampling;

/// <summary>A denoiser that ignores its input: one distribution for all positions, or one for each.</summary>
internal sealed class FixedDenoiser(params double[][] distributions) : SequenceDenoiser(distributions[0].Length)
{
    protected override double[] Answer(int position, long[] seen) =>
        [.. distributions[position % distributions.Length].Select(p => Math.Log(p))];
}
