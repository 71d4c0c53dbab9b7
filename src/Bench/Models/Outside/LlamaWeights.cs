using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Bench.Models.Outside;

/// <summary>The weights of a Llama, each kind stacked over the blocks, in the order of a llama2.c file. Maps are [out, in].</summary>
internal sealed class LlamaWeights : IDisposable
{
    public LlamaWeights(ReadOnlySpan<byte> file, LlamaHeader header, Device device, ScalarType type)
    {
        var (layers, d, feed) = (header.Layers, header.Width, header.FeedWidth);
        var rest = file[LlamaHeader.Bytes..];
        Embedding = Next(ref rest, header.Words, d);
        AttentionNorm = Next(ref rest, layers, d);
        Queries = Next(ref rest, layers, d, d);
        Keys = Next(ref rest, layers, d, d);
        Values = Next(ref rest, layers, d, d);
        AttentionOut = Next(ref rest, layers, d, d);
        FeedNorm = Next(ref rest, layers, d);
        Gate = Next(ref rest, layers, feed, d);
        Down = Next(ref rest, layers, d, feed);
        Up = Next(ref rest, layers, feed, d);
        LastNorm = Next(ref rest, d);

        Tensor Next(ref ReadOnlySpan<byte> from, params long[] sizes)
        {
            using var scope = NewDisposeScope();
            var values = empty(sizes, float32);
            var into = values.bytes;
            from[..into.Length].CopyTo(into);
            from = from[into.Length..];
            return values.to(type).to(device).DetachFromDisposeScope();
        }
    }

    public Tensor Embedding { get; }

    public Tensor AttentionNorm { get; }

    public Tensor Queries { get; }

    public Tensor Keys { get; }

    public Tensor Values { get; }

    public Tensor AttentionOut { get; }

    public Tensor FeedNorm { get; }

    public Tensor Gate { get; }

    public Tensor Down { get; }

    public Tensor Up { get; }

    public Tensor LastNorm { get; }

    public void Dispose()
    {
        foreach (var weight in new[] { Embedding, AttentionNorm, Queries, Keys, Values, AttentionOut, FeedNorm, Gate, Down, Up, LastNorm })
            weight.Dispose();
    }
}
