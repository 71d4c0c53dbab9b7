using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Records no graph until disposed; of the calling thread only.</summary>
    public static IDisposable no_grad() => new GradientMode(enabled: false);

    public static IDisposable enable_grad(bool enabled = true) => new GradientMode(enabled);

    public static bool is_grad_enabled()
    {
        Engine.Load();
        return Library.bt_grad_enabled() != 0;
    }

    /// <summary>Records nothing that a gradient would need, not even versions, until disposed; of the calling thread only.</summary>
    /// <remarks>Cheaper than <see cref="no_grad"/>, but what is made inside can never take part in a recorded computation.</remarks>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled()
    {
        Engine.Load();
        return Library.bt_inference_enabled() != 0;
    }

    public static class autograd
    {
        /// <summary>∂Σ outputs·grad_outputs / ∂inputs, without touching any <c>grad</c>.</summary>
        public static unsafe IList<Tensor> grad(
            IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            var from = Handles(outputs);
            var to = Handles(inputs);
            var seeds = Handles(grad_outputs ?? []);
            var results = new nint[to.Length];
            fixed (nint* o = from, i = to, s = seeds, r = results)
            {
                Library.Check(Library.bt_gradients(
                    o, from.Length, i, to.Length, s, seeds.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. results.Select(handle => handle == 0 ? null! : Tensor.Own(handle))];
        }

        private static nint[] Handles(IList<Tensor> tensors) => [.. tensors.Select(tensor => tensor.Handle)];
    }

    private sealed class GradientMode : IDisposable
    {
        private readonly int before;

        public GradientMode(bool enabled)
        {
            Engine.Load();
            before = Library.bt_grad_mode(enabled ? 1 : 0);
        }

        public void Dispose() => _ = Library.bt_grad_mode(before);
    }

    private sealed class InferenceMode : IDisposable
    {
        private nint guard;

        public InferenceMode(bool mode)
        {
            Engine.Load();
            guard = Library.bt_inference_begin(mode ? 1 : 0);
        }

        public void Dispose()
        {
            if (guard != 0)
                Library.bt_inference_end(guard);
            guard = 0;
        }
    }
}
