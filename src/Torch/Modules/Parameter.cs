namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>A tensor that a module trains.</summary>
        public class Parameter : torch.Tensor
        {
            /// <summary>Takes over a tensor's memory.</summary>
            /// <param name="data">A tensor, which becomes empty: its memory moves here.</param>
            /// <param name="requires_grad">Whether gradients are recorded.</param>
            public Parameter(torch.Tensor data, bool requires_grad = true)
                : base(data.requires_grad_(requires_grad))
            {
            }
        }

        /// <summary>The activation's options.</summary>
        public static class GELU
        {
            public enum Approximate
            {
                none,
                tanh,
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
