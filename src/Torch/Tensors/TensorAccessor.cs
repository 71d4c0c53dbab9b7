using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor, in row-major order.</summary>
/// <typeparam name="T">The element type, of the tensor's own size.</typeparam>
public sealed class TensorAccessor<T> : IEnumerable<T>
    where T : unmanaged
{
    private readonly T[] elements;

    internal unsafe TensorAccessor(torch.Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        using var recorded = torch.no_grad();
        var near = tensor.cpu().contiguous();
        elements = new ReadOnlySpan<T>((void*)near.Memory(), checked((int)near.NumberOfElements)).ToArray();
    }

    public long Count => elements.Length;

    public T this[long index] => elements[index];

    public T[] ToArray() => elements;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)elements).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
