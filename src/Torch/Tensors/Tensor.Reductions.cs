using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor all() => Operator.Tensor("all", this);

        public Tensor any() => Operator.Tensor("any", this);

        public Tensor any(long dim, bool keepdim = false) => Operator.Tensor("any.dim", this, dim, keepdim);

        public Tensor argmax() => Operator.Tensor("argmax", this);

        public Tensor argmax(long dim, bool keepdim = false) => Operator.Tensor("argmax", this, dim, keepdim);

        public Tensor bmm(Tensor batch2) => Operator.Tensor("bmm", this, batch2);

        public Tensor cumsum(long dim, ScalarType? type = null) => Operator.Tensor("cumsum", this, dim, type);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Operator.Tensor("log_softmax.int", this, dim, dtype);

        public Tensor logsumexp(long dim, bool keepdim = false) => Operator.Tensor("logsumexp", this, (long[])[dim], keepdim);

        public Tensor matmul(Tensor target) => Operator.Tensor("matmul", this, target);

        public Tensor max() => Operator.Tensor("max", this);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => Pair(Operator.Tensors("max.dim", this, dim, keepdim));

        public Tensor mean() => Operator.Tensor("mean", this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => Operator.Tensor("mean.dim", this, dimensions, keepdim, type);

        public Tensor min() => Operator.Tensor("min", this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Operator.Tensor("softmax.int", this, dim, dtype);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false) => Pair(Operator.Tensors("sort", this, dim, descending));

        public Tensor sum(ScalarType? type = null) => Operator.Tensor("sum", this, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => sum([dim], keepdim, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Operator.Tensor("sum.dim_IntList", this, dim, keepdim, type);

        private static (Tensor First, Tensor Second) Pair(Tensor[] tensors) => (tensors[0], tensors[1]);
    }
}
