using System.Collections.Immutable;
using Bench.Kernels;
using Bench.Training;

namespace Bench.Experiments.Speed;

/// <summary>What some of the suite's own kernels are worth: a case without them beside the same case with all, round by round.</summary>
/// <param name="Off">Those that tensor operators stand in for.</param>
/// <param name="Result">What was measured without them.</param>
/// <param name="Slower">How many times as long it took.</param>
public sealed record KernelShare(OwnKernels Off, SpeedResult Result, Quartiles Slower)
{
    /// <summary>What is saved of a step that does without them.</summary>
    public double Saved => 1 - (1 / Slower.Median);

    /// <summary>Measures a case with all kernels, without each of them, and without any.</summary>
    /// <returns>None off first, then each, then all.</returns>
    public static ImmutableArray<KernelShare> Of(ISpeedCase row, SpeedBench bench, CancellationToken stop)
    {
        ImmutableArray<OwnKernels> off = [OwnKernels.None, .. KernelSwitch.Each.Select(each => each.Kernel), OwnKernels.All];
        var results = bench.Run([.. off.Select(kernels => new KernelCase(row, OwnKernels.All & ~kernels))], stop);
        return [.. off.Zip(results, (kernels, result) => new KernelShare(kernels, result, Slower(result)))];

        Quartiles Slower(SpeedResult result) =>
            Quartiles.Of(result.Samples.Zip(results[0].Samples, (without, with) => without.Seconds / with.Seconds));
    }
}

/// <summary>A case with some of the suite's own kernels alone.</summary>
/// <param name="Case">Of what.</param>
/// <param name="Used">The kernels that run.</param>
internal sealed record KernelCase(ISpeedCase Case, OwnKernels Used) : ISpeedCase
{
    /// <inheritdoc/>
    public string Name => $"{Case.Name}, kernels {KernelSwitch.Describe(Used)}";

    /// <inheritdoc/>
    public SpeedSize Size => Case.Size;

    /// <inheritdoc/>
    public Precision Usual => Case.Usual;

    /// <inheritdoc/>
    public ISpeedWork Begin(Precision precision) => new Work(Case.Begin(precision), Used);

    private sealed class Work(ISpeedWork work, OwnKernels used) : ISpeedWork
    {
        public double Tokens => work.Tokens;

        public double Steps => work.Steps;

        public double Flops => work.Flops;

        public void Once(CancellationToken stop)
        {
            var before = KernelSwitch.Used;
            KernelSwitch.Used = used;
            try
            {
                work.Once(stop);
            }
            finally
            {
                KernelSwitch.Used = before;
            }
        }

        public void Dispose() => work.Dispose();
    }
}
