using Bench.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>Updates the weights of a network by their gradients, and keeps their moving average.</summary>
public interface IOptimiser : IDisposable
{
    /// <summary>Everything that a restart needs beside the weights, by name.</summary>
    IEnumerable<(string Name, Tensor Tensor)> State { get; }

    /// <summary>The moving average of each parameter.</summary>
    IEnumerable<(string Name, Tensor Tensor)> Averages { get; }

    /// <summary>The global norm of the gradients of the last backward pass.</summary>
    double GradientNorm();

    /// <summary>The same, left where the gradients are: the host does not wait for it.</summary>
    /// <returns>[] float32.</returns>
    Tensor GradientNormOnDevice();

    /// <summary>One update, counted from 0, and the gradients forgotten.</summary>
    /// <param name="step">The update's number.</param>
    /// <param name="gradientNorm">What <see cref="GradientNorm"/> said.</param>
    void Update(long step, double gradientNorm);

    /// <summary>The same without the host waiting for the norm.</summary>
    /// <param name="step">The update's number.</param>
    /// <param name="gradientNorm">What <see cref="GradientNormOnDevice"/> gave.</param>
    void Update(long step, Tensor gradientNorm);
}

/// <summary>An optimiser before its network is known: which one, with its parameters.</summary>
public interface IOptimiserChoice
{
    /// <summary>Makes it for a network.</summary>
    /// <param name="network">Its parameters are updated.</param>
    /// <param name="plan">Rates, decays and clipping.</param>
    IOptimiser For(nn.Module network, TrainingPlan plan);

    /// <summary>
    /// What its <see cref="IOptimiser.State"/> calls the buffers of a parameter, beside the moving average; each has its shape.
    /// </summary>
    /// <param name="parameter">The parameter's name.</param>
    IEnumerable<string> BuffersOf(string parameter);
}

/// <summary>The global norm of gradients: √Σ g² over all parameters that have one.</summary>
internal static class GlobalNorm
{
    /// <summary>In float64.</summary>
    public static double Of(IEnumerable<Parameter> parameters)
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        return Math.Sqrt(gradients.All(OptimiserKernel.Supports)
            ? OptimiserKernel.SquaredNorm(gradients)
            : gradients.Sum(gradient => gradient.to(float64).square().sum().ToDouble()));
    }

    /// <summary>Where the gradients are.</summary>
    /// <returns>[] float32.</returns>
    public static Tensor OnDevice(IEnumerable<Parameter> parameters)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] squares =
            [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>().Select(gradient => gradient.square().sum())];
        return stack(squares, 0).sum().sqrt().MoveToOuterDisposeScope();
    }
}
