using Bench.Kernels;
using Bench.Training;

namespace Bench.Experiments.Speed;

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
