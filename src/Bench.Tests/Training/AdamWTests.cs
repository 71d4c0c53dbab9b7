using Bench.Tests.Golden;
using Bench.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using AdamW = Bench.Training.AdamW;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Training;

public sealed class AdamWTests
{
    private static readonly TrainingPlan Plan =
        TinyTask.Plan with { LearningRate = 0.1, WarmupSteps = 1, FinalRate = 1, WeightDecay = 0.3, ClipNorm = 2, EmaDecay = 0.5 };

    [Theory, InlineData(1e-8), InlineData(0.1)]
    public void Updates_follow_the_published_formula_with_and_without_the_kernel(double epsilon)
    {
        var plan = Plan with { Epsilon = epsilon };
        double[] start = [0.5, -1, 2, 0.1];
        double[][] gradients = [[1, -2, 3, 0.5], [0.1, 0.2, -0.3, 4], [0, 0, 0, 0]];
        var (weight, first, second, average) = ((double[])[.. start], new double[4], new double[4], (double[])[.. start]);
        using var fused = new Toy(float32, start);
        using var plain = new Toy(float64, start); // the kernel works on float32 alone
        using var one = new AdamW(fused, plan);
        using var other = new AdamW(plain, plan);
        for (int step = 0; step < gradients.Length; step++)
        {
            double norm = Math.Sqrt(gradients[step].Sum(g => g * g));
            double scale = Math.Min(1, 2 / (norm + 1e-6));
            for (int i = 0; i < 4; i++)
            {
                double g = gradients[step][i] * scale;
                first[i] = (0.9 * first[i]) + (0.1 * g);
                second[i] = (0.99 * second[i]) + (0.01 * g * g);
                double m = first[i] / (1 - Math.Pow(0.9, step + 1)), v = second[i] / (1 - Math.Pow(0.99, step + 1));
                weight[i] = (weight[i] * (1 - (0.1 * 0.3))) - (0.1 * m / (Math.Sqrt(v) + epsilon));
                average[i] += (1 - Math.Min(0.5, (1.0 + step) / (10 + step))) * (weight[i] - average[i]);
            }

            Update(fused, one, gradients[step], step, norm);
            Update(plain, other, gradients[step], step, norm);
        }

        Close.Assert(weight, fused.Weight.detach(), 2e-6);
        Close.Assert(weight, plain.Weight.detach(), 2e-6);
        Close.Assert(average, one.Averages.Single().Tensor, 2e-6);
        Close.Assert(average, other.Averages.Single().Tensor, 2e-6);
    }

    private static void Update(Toy toy, AdamW optimiser, double[] gradient, long step, double norm)
    {
        using var scope = NewDisposeScope();
        toy.Weight.grad = tensor(gradient, [2, 2], toy.Weight.dtype);
        Assert.Equal(norm, optimiser.GradientNorm(), 1e-6);
        optimiser.Update(step, norm);
        Assert.Null(toy.Weight.grad);
    }

    private sealed class Toy : nn.Module
    {
        public Toy(ScalarType type, double[] start)
            : base("toy")
        {
            Weight = new Parameter(tensor(start, [2, 2], type));
            register_parameter("weight", Weight);
        }

        public Parameter Weight { get; }
    }
}
