using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.Open();

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Operator.Tensor("cat", (Tensor[])[.. tensors], dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Operator.Tensor("stack", (Tensor[])[.. tensors], dim);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => x.where(condition, y);

    public static Tensor log(Tensor input) => input.log();

    public static Tensor exp(Tensor input) => input.exp();

    public static Tensor cos(Tensor input) => input.cos();

    public static Tensor sin(Tensor input) => input.sin();

    public static Tensor maximum(Tensor input, Tensor other) => input.maximum(other);

    public static Tensor minimum(Tensor input, Tensor other) => input.minimum(other);

    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
        Operator.Number("allclose", tensor, target, rtol, atol, equal_nan).Bits != 0;

    public static partial class nn
    {
        public static class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Operator.Tensor("linear", input, weights, bias);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Operator.Tensor("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Operator.InPlace(x, "silu_", x) : x.silu();

            public static Tensor gelu(Tensor x) => Operator.Tensor("gelu", x);

            public static Tensor gelu(Tensor x, Modules.GELU.Approximate approximate, bool inplace = false) =>
                inplace ? Operator.InPlace(x, "gelu_", x, Name(approximate)) : Operator.Tensor("gelu", x, Name(approximate));

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            private static string Name(Modules.GELU.Approximate approximate) => approximate == Modules.GELU.Approximate.tanh ? "tanh" : "none";
        }
    }
}
