namespace Bench.Tests.Objectives;

/// <summary>
/// <see cref="ToyDenoiser"/> for one length: positions after its input count as masked, like all others that it does not attend to.
/// </summary>
internal sealed class ToyDenoiserOf(int length) : SequenceDenoiser(ToyDenoiser.TokenCount)
{
    protected override double[] Answer(int position, long[] seen)
    {
        long[] all = [.. seen, .. Enumerable.Repeat((long)ToyDenoiser.TokenCount, length - seen.Length)];
        return [.. Enumerable.Range(0, ToyDenoiser.TokenCount).Select(v => ToyDenoiser.Logit(position, v, all))];
    }
}
