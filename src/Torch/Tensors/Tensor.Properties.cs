using System.Runtime.InteropServices;
using TorchSharp.Native;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public ScalarType dtype => (ScalarType)Library.bt_dtype(Handle);

        public Device device
        {
            get
            {
                Library.bt_device(Handle, out var type, out var index);
                return new Device((DeviceType)type, index);
            }
        }

        public bool is_cuda => device.type == DeviceType.CUDA;

        public long dim() => Library.bt_dim(Handle);

        public long Dimensions => Library.bt_dim(Handle);

        public long ndim => Library.bt_dim(Handle);

        public long NumberOfElements => Library.bt_numel(Handle);

        public bool is_contiguous() => Library.bt_is_contiguous(Handle) != 0;

        public bool is_leaf => Library.bt_is_leaf(Handle) != 0;

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Library.bt_dim(Handle)];
                var strides = stackalloc long[sizes.Length];
                fixed (long* s = sizes)
                    Library.bt_shape(handle, s, strides);
                return sizes;
            }
        }

        public bool requires_grad
        {
            get => Library.bt_requires_grad(Handle) != 0;
            set => Library.Check(Library.bt_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>The accumulated gradient; null before the first backward pass. The caller owns the returned object.</summary>
        public Tensor? grad
        {
            get => Library.bt_grad(Handle) is var found && found == 0 ? null : Own(found);
            set => Library.Check(Library.bt_set_grad(Handle, value?.Handle ?? 0));
        }

        /// <summary>The memory of a contiguous tensor on the CPU; valid while the tensor lives.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (device.type != DeviceType.CPU || !is_contiguous())
                    throw new InvalidOperationException($"Only a contiguous tensor on the CPU shows its memory, this one is {Describe()} on {device}; call contiguous() or cpu() first.");
                return new Span<byte>((void*)data_ptr(), checked((int)(NumberOfElements * Size(dtype))));
            }
        }

        public nint data_ptr()
        {
            Library.Check(Library.bt_data(Handle, out var pointer));
            return pointer;
        }

        public long size(int dim) => shape[dim < 0 ? dim + (int)Dimensions : dim];

        public long numel() => NumberOfElements;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void backward() => Library.Check(Library.bt_backward(Handle, 0, 0, 0));

        public void backward(IList<Tensor>? grad_tensors, bool retain_graph = false, bool create_graph = false) =>
            Library.Check(Library.bt_backward(Handle, grad_tensors?[0].Handle ?? 0, retain_graph ? 1 : 0, create_graph ? 1 : 0));

        /// <summary>The elements in row-major order, read where they lie if that is possible.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            if (Marshal.SizeOf<T>() != Size(dtype) && !(typeof(T) == typeof(bool) && dtype == ScalarType.Bool))
                throw new InvalidOperationException($"A tensor of {dtype} cannot be read as {typeof(T).Name}; convert it with to_type first.");
            return new TensorAccessor<T>(this);
        }

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

        internal static int Size(ScalarType type) => type switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            _ => 8,
        };
    }
}
