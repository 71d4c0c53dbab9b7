namespace Bench.Tests.Objectives;

/// <summary><see cref="ToyDenoiser"/> for one length: what lies behind the columns that it is given counts as masked, like everything else that it does not see.</summary>
internal sealed class ToyDenoiserOf(int length) : SequenceDenoiser(ToyDenoiser.Words)
{
    protected override double[] Answer(int position, long[] seen)
    {
        long[] all = [.. seen, .. Enumerable.Repeat((long)ToyDenoiser.Words, length - seen.Length)];
        return [.. Enumerable.Range(0, ToyDenoiser.Words).Select(v => ToyDenoiser.Logit(position, v, all))];
    }
}
