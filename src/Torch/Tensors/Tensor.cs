using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch: one owned reference, given back by <see cref="Dispose()"/>, by the scope it was made in, or at last by the finaliser.</summary>
    public partial class Tensor : IDisposable
    {
        private static long live;
        private static long peak;
        private nint handle;

        private protected Tensor(nint handle)
        {
            this.handle = handle;
            var now = Interlocked.Increment(ref live);
            if (now > peak)
                peak = now;
            DisposeScopeManager.Created(this);
        }

#pragma warning disable MA0055 // Native memory that no scope and no using covers must still come back.
        ~Tensor() => Dispose(false);
#pragma warning restore MA0055

        /// <summary>Tensors that were made and not yet disposed, in the whole process.</summary>
        public static long TotalCount => Interlocked.Read(ref live);

        /// <summary>The most that were alive at a time.</summary>
        public static long PeakCount => Interlocked.Read(ref peak);

        public bool IsInvalid => handle == 0;

        internal nint Handle => handle != 0 ? handle : throw new ObjectDisposedException(nameof(Tensor), "This tensor was disposed, by itself or with its scope; move what is needed later out of the scope.");

        internal DisposeScope? OwningDisposeScope { get; set; }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>Gives the memory back, unless another tensor or the recorded graph still uses it.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var held = Interlocked.Exchange(ref handle, 0);
            if (held == 0)
                return;
            Library.bt_free(held);
            Interlocked.Decrement(ref live);
            if (!disposing)
                return;
            if (OwningDisposeScope is { } scope)
                scope.MarkAsDisposed(this);
            else
                DisposeScopeManager.DisposedOutside();
            OwningDisposeScope = null;
        }

        internal static Tensor Own(nint handle) => new(handle);

        // The handle moves into a parameter; this object is then as good as disposed.
        internal nint MoveHandle()
        {
            var moved = Handle;
            OwningDisposeScope?.Detach(this);
            handle = 0;
            Interlocked.Decrement(ref live);
            return moved;
        }

        internal string Describe() => IsInvalid ? "disposed" : $"{dtype}[{string.Join(", ", shape)}]";
    }
}
