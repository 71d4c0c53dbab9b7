using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public ScalarType dtype => Kept((ScalarType)Library.bt_dtype(Handle));

        public Device device
        {
            get
            {
                Library.bt_device(Handle, out var type, out var index);
                return Kept(new Device((DeviceType)type, index));
            }
        }

        public bool is_cuda => device.type == DeviceType.CUDA;

        public long dim() => Kept(Library.bt_dim(Handle));

        public long Dimensions => dim();

        public long ndim => dim();

        public long NumberOfElements => Kept(Library.bt_numel(Handle));

        public bool is_contiguous() => Kept(Library.bt_is_contiguous(Handle) != 0);

        public bool is_leaf => Kept(Library.bt_is_leaf(Handle) != 0);

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[dim()];
                fixed (long* s = sizes)
                    Library.bt_shape(Handle, s);
                return Kept(sizes);
            }
        }

        public bool requires_grad
        {
            get => Kept(Library.bt_requires_grad(Handle) != 0);
            set => Library.Check(Kept(Library.bt_set_requires_grad(Handle, value ? 1 : 0)));
        }

        /// <summary>The accumulated gradient; null before the first backward pass. The caller owns the returned object.</summary>
        public Tensor? grad
        {
            get
            {
                Library.Check(Kept(Library.bt_grad(Handle, out var gradient)));
                return gradient == 0 ? null : Own(gradient);
            }

            set
            {
                Library.Check(Kept(Library.bt_set_grad(Handle, value?.Handle ?? 0)));
                GC.KeepAlive(value);
            }
        }

        /// <summary>The memory of a contiguous tensor on the CPU; valid while the tensor lives.</summary>
        /// <exception cref="InvalidOperationException">The elements lie elsewhere, or not one behind the other.</exception>
        public unsafe Span<byte> bytes => new((void*)Memory(), checked((int)(NumberOfElements * Size(dtype))));

        public long size(int dim) => shape[dim < 0 ? dim + (int)Dimensions : dim];

        public long numel() => NumberOfElements;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Adds ∂this/∂leaf to <see cref="grad"/> of every leaf that this scalar was computed from.</summary>
        public void backward() => Library.Check(Kept(Library.bt_backward(Handle, 0, 0, 0)));

        /// <summary>The same for a tensor that is no scalar, with the gradient that arrives at it.</summary>
        public void backward(IList<Tensor>? grad_tensors, bool retain_graph = false, bool create_graph = false)
        {
            var seed = grad_tensors?[0];
            Library.Check(Kept(Library.bt_backward(Handle, seed?.Handle ?? 0, retain_graph ? 1 : 0, create_graph ? 1 : 0)));
            GC.KeepAlive(seed);
        }

        /// <summary>A copy of the elements in row-major order.</summary>
        /// <typeparam name="T">The element type, exactly.</typeparam>
        /// <exception cref="InvalidOperationException">The elements are of another type.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged => typeof(T) == ElementType(dtype)
                ? new TensorAccessor<T>(this)
                : throw new InvalidOperationException($"A tensor of {dtype} cannot be read as {typeof(T).Name}; convert it with to_type first.");

        /// <summary>The value of a tensor with one element.</summary>
        /// <remarks>TorchSharp wants the exact element type here; <see cref="ToSingle"/>, <see cref="ToDouble"/> and <see cref="ToInt64"/> convert in both.</remarks>
        public T item<T>()
            where T : unmanaged
        {
            var value = Operator.Number("item", this);
            object number = value.Tag switch
            {
                Tag.Real => value.Real,
                Tag.Bool => value.Bits != 0,
                _ => value.Bits,
            };
            return (T)Convert.ChangeType(number, typeof(T), System.Globalization.CultureInfo.InvariantCulture);
        }

        public float ToSingle() => item<float>();

        public double ToDouble() => item<double>();

        public long ToInt64() => item<long>();

        // This object goes on, with the elements, the type and the device of the other one.
        internal void TakeContents(Tensor other)
        {
            Library.Check(Kept(Library.bt_set_data(Handle, other.Handle)));
            GC.KeepAlive(other);
        }

        internal nint Memory()
        {
            if (is_cuda || !is_contiguous())
                throw new InvalidOperationException($"Only a contiguous tensor on the CPU shows its memory, this one is {Describe()} on {device}; call contiguous() or cpu() first.");
            Library.Check(Kept(Library.bt_data(Handle, out var pointer)));
            return pointer;
        }

        private static int Size(ScalarType type) => type switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            _ => 8,
        };

        private static Type? ElementType(ScalarType type) => type switch
        {
            ScalarType.Byte => typeof(byte),
            ScalarType.Int8 => typeof(sbyte),
            ScalarType.Int16 => typeof(short),
            ScalarType.Int32 => typeof(int),
            ScalarType.Int64 => typeof(long),
            ScalarType.Float16 => typeof(Half),
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.Bool => typeof(bool),
            _ => null,
        };
    }
}
