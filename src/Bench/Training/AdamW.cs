using Bench.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>
/// AdamW (arXiv 1711.05101) with clipping by global norm, and the moving average of the weights, in one pass over memory where the kernel
/// can.
/// </summary>
public sealed class AdamW : IOptimiser
{
    private const double Beta1 = 0.9;

    private readonly TrainingPlan plan;
    private readonly List<Slot> slots;

    /// <summary>Starts with zero moments, and with the weights themselves as their average.</summary>
    public AdamW(nn.Module network, TrainingPlan plan)
        : this(network.named_parameters(), plan)
    {
    }

    /// <summary>The same for some of a network's parameters.</summary>
    internal AdamW(IEnumerable<(string name, Parameter parameter)> parameters, TrainingPlan plan)
    {
        this.plan = plan;
        slots = [.. parameters.Select(entry => new Slot(entry.name, entry.parameter))];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        slots.SelectMany(slot => MomentsOf(slot.Name).Append(AverageOf(slot.Name)).Zip([slot.First, slot.Second, slot.Average]));

    /// <summary>What <see cref="State"/> calls the moving average of a parameter.</summary>
    internal static string AverageOf(string parameter) => $"average/{parameter}";

    /// <summary>What <see cref="State"/> calls the two moments of a parameter's gradient.</summary>
    internal static string[] MomentsOf(string parameter) => [$"first/{parameter}", $"second/{parameter}"];

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Tensor)> Averages => slots.Select(slot => (slot.Name, slot.Average));

    /// <inheritdoc/>
    public double GradientNorm()
    {
        using var timed = OperatorProfile.Time("optimiser");
        return GlobalNorm.Of(slots.Select(slot => slot.Parameter));
    }

    /// <inheritdoc/>
    public Tensor GradientNormOnDevice() => GlobalNorm.OnDevice(slots.Select(slot => slot.Parameter));

    /// <inheritdoc/>
    public void Update(long step, double gradientNorm)
    {
        using var timed = OperatorProfile.Time("optimiser");
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var (all, settings) = (Parameters(), Settings(step, (float)Math.Min(1, plan.ClipNorm / (gradientNorm + 1e-6))));
        if (all.Length > 0 && all.All(one => OptimiserKernel.Supports(one.Weight) && OptimiserKernel.Supports(one.Gradient)))
            OptimiserKernel.AdamW(all, settings);
        else
            Array.ForEach(all, one => Update(one, one.Gradient * settings.Scale, settings));
        Forget();
    }

    /// <inheritdoc/>
    public void Update(long step, Tensor gradientNorm)
    {
        using var timed = OperatorProfile.Time("optimiser");
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var scale = (plan.ClipNorm / (gradientNorm + 1e-6)).clamp(max: 1);
        var settings = Settings(step, scale: 1);
        Array.ForEach(Parameters(), one => Update(one, one.Gradient * scale, settings));
        Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in slots)
        {
            slot.First.Dispose();
            slot.Second.Dispose();
            slot.Average.Dispose();
        }
    }

    private AdamWStep Settings(long step, float scale) =>
        new(
            Scale: scale,
            LearningRate: (float)plan.RateAt(step),
            Beta1: (float)Beta1,
            Beta2: (float)plan.Beta2,
            Epsilon: (float)plan.Epsilon,
            Correction1: (float)(1 - Math.Pow(Beta1, step + 1)),
            Correction2: (float)(1 - Math.Pow(plan.Beta2, step + 1)),
            EmaDecay: (float)plan.EmaDecayAt(step));

    private AdamWParameter[] Parameters() =>
    [
        .. from slot in slots
           let gradient = slot.Parameter.grad
           where gradient is not null
           select new AdamWParameter(slot.Parameter, gradient, slot.First, slot.Second, slot.Average,
               slot.Decays ? (float)plan.WeightDecay : 0),
    ];

    private void Forget()
    {
        foreach (var slot in slots)
            slot.Parameter.grad = null;
    }

    // What the kernel does, in tensor operators; g is the clipped gradient.
    private static void Update(AdamWParameter p, Tensor g, in AdamWStep s)
    {
        using var scope = NewDisposeScope();
        p.First.mul_(s.Beta1).add_(g, 1 - s.Beta1);
        p.Second.mul_(s.Beta2).addcmul_(g, g, 1 - s.Beta2);
        var root = (p.Second / s.Correction2).sqrt() + s.Epsilon;
        p.Weight.mul_(1 - (s.LearningRate * p.WeightDecay)).addcdiv_(p.First, root, -s.LearningRate / s.Correction1);
        p.Average.add_(p.Weight - p.Average, 1 - s.EmaDecay);
    }

    private sealed record Slot(string Name, Parameter Parameter)
    {
        public Tensor First { get; } = zeros_like(Parameter).DetachFromDisposeScope();

        public Tensor Second { get; } = zeros_like(Parameter).DetachFromDisposeScope();

        public Tensor Average { get; } = Parameter.detach().clone().DetachFromDisposeScope();

        // A matrix that maps one width to another; not the embedding, not a vector.
        public bool Decays { get; } = Parameter.shape.Length > 1 && !Name.Contains("embedding", StringComparison.Ordinal);
    }
}

/// <summary><see cref="AdamW"/> for all parameters, with the rates and decays of the plan.</summary>
public sealed record AdamWChoice : IOptimiserChoice
{
    /// <inheritdoc/>
    public IOptimiser For(nn.Module network, TrainingPlan plan) => new AdamW(network, plan);

    /// <inheritdoc/>
    public IEnumerable<string> BuffersOf(string parameter) => AdamW.MomentsOf(parameter);
}
