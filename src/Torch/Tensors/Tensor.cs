using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch: one owned reference, given back by <see cref="Dispose()"/>, by the scope it was made in, or at last by the finaliser.</summary>
    /// <remarks>Like any object, for one thread at a time; a call that is running keeps its arguments alive.</remarks>
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

        // Takes the place of another object, which is then as good as disposed: its memory, its scope, its part in the counts.
        private protected Tensor(Tensor replaced)
        {
            _ = replaced.Handle;
            handle = Interlocked.Exchange(ref replaced.handle, 0);
            if (replaced.OwningDisposeScope is not { } scope || !scope.Remove(replaced))
                return;
            replaced.OwningDisposeScope = null;
            scope.Add(this);
            OwningDisposeScope = scope;
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

        public override string ToString() => IsInvalid ? "disposed" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        protected virtual void Dispose(bool disposing)
        {
            var owned = Interlocked.Exchange(ref handle, 0);
            if (owned == 0)
                return;
            DisposeScopeManager.Disposed(this);
            Interlocked.Decrement(ref live);
            Library.bt_free(owned);
        }

        internal static Tensor Own(nint handle) => new(handle);

        internal string Describe() => IsInvalid ? "disposed" : $"{dtype}[{string.Join(", ", shape)}]";

        // Native code sees a number only. Whatever was asked of it is passed through here, so that this object, and with it
        // the memory behind the number, lives until the answer is there.
        private T Kept<T>(T answer)
        {
            GC.KeepAlive(this);
            return answer;
        }
    }
}
