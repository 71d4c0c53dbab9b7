using Bench.Kernels;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        private sealed class AdamWOptimizer(IEnumerable<Parameter> parameters, double lr, double beta1, double beta2, double eps, double weight_decay)
            : Optimizer(parameters), ILearningRateController
        {
            private readonly Dictionary<Parameter, Moments> moments = new(ReferenceEqualityComparer.Instance);

            public override IEnumerable<ILearningRateController> ParamGroups => [this];

            public double LearningRate { get; set; } = lr;

            public double InitialLearningRate { get; set; } = lr;

            public override void step()
            {
                using var recorded = no_grad();
                foreach (var parameter in Parameters)
                {
                    using var gradient = parameter.grad;
                    if (gradient is null)
                        continue;
                    if (!moments.TryGetValue(parameter, out var known))
                        moments[parameter] = known = new Moments(parameter);
                    Step(parameter, gradient, known);
                }
            }

            protected override void Dispose(bool disposing)
            {
                foreach (var known in moments.Values)
                {
                    known.First.Dispose();
                    known.Second.Dispose();
                }
            }

            private void Step(Parameter parameter, Tensor gradient, Moments known)
            {
                known.Steps++;
                var correction1 = 1 - Math.Pow(beta1, known.Steps);
                var correction2 = 1 - Math.Pow(beta2, known.Steps);
                if (OptimiserKernel.Supports(parameter) && OptimiserKernel.Supports(gradient))
                {
                    var settings = new AdamWStep(
                        1, (float)LearningRate, (float)weight_decay, (float)beta1, (float)beta2, (float)eps, (float)correction1, (float)correction2, EmaDecay: 0);
                    OptimiserKernel.AdamW(parameter, gradient, known.First, known.Second, null, settings);
                    return;
                }

                using var scope = NewDisposeScope();
                known.First.mul_(beta1).add_(gradient, 1 - beta1);
                known.Second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
                parameter.mul_(1 - (LearningRate * weight_decay)).addcdiv_(known.First, (known.Second / correction2).sqrt() + eps, -LearningRate / correction1);
            }

            private sealed class Moments(Parameter parameter)
            {
                public Tensor First { get; } = zeros_like(parameter).DetachFromDisposeScope();

                public Tensor Second { get; } = zeros_like(parameter).DetachFromDisposeScope();

                public long Steps { get; set; }
            }
        }
    }
}
