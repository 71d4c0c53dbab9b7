using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class AdamWTests
{
    [Theory, InlineData(ScalarType.Float32, 1e-6), InlineData(ScalarType.Float64, 1e-12)]
    public void Three_steps_follow_the_formula(ScalarType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        const double Rate = 0.1, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-6, Decay = 0.2;
        double[] w = TensorAssert.Spread(9), m = new double[9], v = new double[9];
        var parameter = new Parameter(tensor(w, type));
        var optimiser = optim.AdamW([parameter], Rate, Beta1, Beta2, Epsilon, Decay);
        for (int step = 1; step <= 3; step++)
        {
            optimiser.zero_grad();
            (parameter.pow(3) / 3).sum().backward();
            optimiser.step();
            for (int i = 0; i < w.Length; i++)
            {
                double g = w[i] * w[i];
                m[i] = (Beta1 * m[i]) + ((1 - Beta1) * g);
                v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g * g);
                w[i] -= Rate * Decay * w[i];
                w[i] -= Rate * (m[i] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, step))) + Epsilon);
            }
        }

        TensorAssert.Close(w, parameter, tolerance * 10);
        optimiser.Dispose();
    }

    [Fact]
    public void The_first_step_has_the_length_of_the_learning_rate_which_a_schedule_may_set()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(zeros(4));
        using var optimiser = optim.AdamW([parameter], lr: 1);
        foreach (var group in optimiser.ParamGroups)
            group.LearningRate = group.InitialLearningRate / 8;
        (parameter * tensor([1f, -2f, 3f, -4f])).sum().backward();
        optimiser.step();
        TensorAssert.Close([-0.125, 0.125, -0.125, 0.125], parameter, 1e-6);
    }

    [Fact]
    public void A_parameter_without_gradient_is_left_alone()
    {
        using var parameter = new Parameter(ones(2));
        using var optimiser = optim.AdamW([parameter], weight_decay: 0.5);
        optimiser.zero_grad();
        optimiser.step();
        TensorAssert.Close([1, 1], parameter);
    }

    [Fact]
    public void Its_moments_outlive_the_scope_of_the_step()
    {
        using var parameter = new Parameter(ones(2));
        optim.Optimizer optimiser;
        using (NewDisposeScope())
            optimiser = optim.AdamW([parameter]);
        for (int step = 0; step < 3; step++)
        {
            using var scope = NewDisposeScope();
            parameter.square().sum().backward();
            optimiser.step();
        }

        Assert.True(parameter.sum().ToDouble() < 2);
        optimiser.Dispose();
    }
}
