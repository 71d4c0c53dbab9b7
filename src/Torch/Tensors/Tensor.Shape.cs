using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => Operator.Tensor("alias", this);

        public Tensor[] chunk(long chunks, long dim = 0) => Operator.Tensors("chunk", this, chunks, dim);

        public Tensor clone() => Operator.Tensor("clone", this);

        public Tensor contiguous() => Operator.Tensor("contiguous", this);

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Operator.InPlace(this, "copy_", this, source, nonBlocking);

        public Tensor cpu() => to(CPU);

        public Tensor detach() => Operator.Tensor("detach", this);

        public Tensor expand(params long[] sizes) => Operator.Tensor("expand", this, sizes);

        public Tensor fill_(Scalar value) => Operator.InPlace(this, "fill_.Scalar", this, value);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Operator.Tensor("flatten.using_ints", this, start_dim, end_dim);

        public Tensor gather(long dim, Tensor index) => Operator.Tensor("gather", this, dim, index);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) => Operator.InPlace(this, "index_add_", this, dim, index, source, alpha);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => Operator.InPlace(this, "index_put_", this, indices, value);

        public Tensor index_select(long dim, Tensor index) => Operator.Tensor("index_select", this, dim, index);

        public Tensor masked_fill(Tensor mask, Scalar value) => Operator.Tensor("masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Operator.InPlace(this, "masked_fill_.Scalar", this, mask, value);

        public Tensor masked_select(Tensor mask) => Operator.Tensor("masked_select", this, mask);

        public Tensor narrow(long dim, long start, long length) => Operator.Tensor("narrow", this, dim, start, length);

        public Tensor nonzero() => Operator.Tensor("nonzero", this);

        public Tensor permute(params long[] permutation) => Operator.Tensor("permute", this, permutation);

        public Tensor repeat(params long[] sizes) => Operator.Tensor("repeat", this, sizes);

        public Tensor reshape(params long[] shape) => Operator.Tensor("reshape", this, shape);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Operator.Tensor("scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => Operator.InPlace(this, "scatter_.src", this, dim, index, src);

        public Tensor select(long dim, long index) => Operator.Tensor("select.int", this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => Operator.Tensor("slice.Tensor", this, dim, start, finish, step);

        public Tensor squeeze(long? dim = null) => dim is { } one ? Operator.Tensor("squeeze.dim", this, one) : Operator.Tensor("squeeze", this);

        /// <summary>The same tensor when the type is the same; disposing the result never touches this object's own reference.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var moved = Operator.Tensor("to.device", this, device, (ScalarType?)dtype, non_blocking, copy);
            if (disposeAfter)
                Dispose();
            return moved;
        }

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var converted = Operator.Tensor("to.dtype", this, (ScalarType?)type, non_blocking, copy);
            if (disposeAfter)
                Dispose();
            return converted;
        }

        public Tensor transpose(long dim0, long dim1) => Operator.Tensor("transpose.int", this, dim0, dim1);

        public Tensor tril(long diagonal = 0) => Operator.Tensor("tril", this, diagonal);

        public Tensor triu(long diagonal = 0) => Operator.Tensor("triu", this, diagonal);

        public Tensor[] unbind(long dimension = 0) => Operator.Tensors("unbind.int", this, dimension);

        public Tensor unsqueeze(long dim) => Operator.Tensor("unsqueeze", this, dim);

        public Tensor view(params long[] shape) => Operator.Tensor("view", this, shape);

        public Tensor zero_() => Operator.InPlace(this, "zero_", this);
    }
}
