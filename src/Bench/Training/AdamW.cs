using Bench.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>
/// AdamW (arXiv 1711.05101) with clipping by global norm, and the moving average of the weights, in one pass over memory where the kernel
/// can.
/// </summary>
public sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;

    private readonly TrainingPlan plan;
    private readonly List<Slot> slots;

    /// <summary>Starts with zero moments, and with the weights themselves as their average.</summary>
    public AdamW(nn.Module network, TrainingPlan plan)
    {
        this.plan = plan;
        slots = [.. network.named_parameters().Select(entry => new Slot(entry.name, entry.parameter))];
    }

    /// <summary>Everything that a restart needs beside the weights, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        slots.SelectMany(slot => MomentsOf(slot.Name).Append(AverageOf(slot.Name)).Zip([slot.First, slot.Second, slot.Average]));

    /// <summary>What <see cref="State"/> calls the moving average of a parameter.</summary>
    internal static string AverageOf(string parameter) => $"average/{parameter}";

    /// <summary>What <see cref="State"/> calls the two moments of a parameter's gradient.</summary>
    internal static string[] MomentsOf(string parameter) => [$"first/{parameter}", $"second/{parameter}"];

    /// <summary>The moving average of each parameter.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Averages => slots.Select(slot => (slot.Name, slot.Average));

    /// <summary>The global norm of the gradients of the last backward pass.</summary>
    public double GradientNorm()
    {
        using var timed = OperatorProfile.Time("optimiser");
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. slots.Select(slot => slot.Parameter.grad).OfType<Tensor>()];
        return Math.Sqrt(gradients.All(OptimiserKernel.Supports)
            ? OptimiserKernel.SquaredNorm(gradients)
            : gradients.Sum(gradient => gradient.to(float64).square().sum().ToDouble()));
    }

    /// <summary>The same, left where the gradients are: the host does not wait for it.</summary>
    /// <returns>[] float32.</returns>
    public Tensor GradientNormOnDevice()
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] squares = [.. slots.Select(slot => slot.Parameter.grad).OfType<Tensor>().Select(gradient => gradient.square().sum())];
        return stack(squares, 0).sum().sqrt().MoveToOuterDisposeScope();
    }

    /// <summary>One update, counted from 0, and the gradients forgotten.</summary>
    /// <param name="step">The update's number.</param>
    /// <param name="gradientNorm">What <see cref="GradientNorm"/> said.</param>
    public void Update(long step, double gradientNorm)
    {
        using var timed = OperatorProfile.Time("optimiser");
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var (all, settings) = (Parameters(), Settings(step, (float)Math.Min(1, plan.ClipNorm / (gradientNorm + 1e-6))));
        if (all.All(one => OptimiserKernel.Supports(one.Weight) && OptimiserKernel.Supports(one.Gradient)))
            OptimiserKernel.AdamW(all, settings);
        else
            Array.ForEach(all, one => Update(one, one.Gradient * settings.Scale, settings));
        Forget();
    }

    /// <summary>The same without the host waiting for the norm.</summary>
    /// <param name="step">The update's number.</param>
    /// <param name="gradientNorm">What <see cref="GradientNormOnDevice"/> gave.</param>
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
