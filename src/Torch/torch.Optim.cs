using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>A learning rate that a schedule may set between steps.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>Changes parameters by their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            private protected Optimizer(IEnumerable<Parameter> parameters) => Parameters = [.. parameters];

            /// <summary>The groups of parameters; one here.</summary>
            public abstract IEnumerable<ILearningRateController> ParamGroups { get; }

            private protected Parameter[] Parameters { get; }

            public virtual IEnumerable<Parameter> parameters() => Parameters;

            /// <summary>Updates every parameter that has a gradient.</summary>
            public abstract void step();

            public virtual void zero_grad()
            {
                foreach (var parameter in Parameters)
                {
                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected abstract void Dispose(bool disposing);
        }

        /// <summary>AdamW (Loshchilov &amp; Hutter, arXiv 1711.05101): decoupled weight decay, in one pass over memory where the kernel can.</summary>
        public static Optimizer AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0) =>
            new AdamWOptimizer(parameters, lr, beta1, beta2, eps, weight_decay);
    }
}
