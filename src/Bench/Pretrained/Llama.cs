using System.Buffers.Binary;
using Bench.Backbone;
using Bench.Results;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Pretrained;

/// <summary>
/// A Llama (Touvron et al., arXiv 2302.13971) as llama2.c stores and runs it: RMS normalisation, rotary positions, SwiGLU, and the
/// embedding as output layer.
/// </summary>
public sealed class Llama : ICausalNetwork
{
    private const double Epsilon = 1e-5;

    private readonly LlamaHeader header;
    private readonly LlamaWeights weights;

    private Llama(LlamaHeader header, LlamaWeights weights) => (this.header, this.weights) = (header, weights);

    /// <inheritdoc/>
    public int TokenCount => header.TokenCount;

    /// <inheritdoc/>
    public int Context => header.Context;

    /// <inheritdoc/>
    public Tensor Output => weights.Embedding;

    /// <summary>Reads header and weights; what follows them, such as a tokenizer, is left alone.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">The name that errors show.</param>
    /// <param name="device">Where the weights go; null for the CPU.</param>
    /// <param name="type">What is computed in.</param>
    /// <exception cref="Bench.Results.SuiteException">The file is none of these.</exception>
    public static Llama Read(ReadOnlySpan<byte> file, string name, Device? device = null, ScalarType type = ScalarType.Float32)
    {
        var size = LlamaHeader.Read(file, name);
        return new(size, new LlamaWeights(file, size, device ?? CPU, type));
    }

    /// <inheritdoc/>
    public Tensor Hidden(Tensor tokens)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var (batch, length) = (tokens.size(0), tokens.size(1));
        var x = weights.Embedding.index_select(0, tokens.flatten()).view(batch, length, header.Width);               // [B, L, D]
        using var rotary = new Rotary([.. Enumerable.Range(0, (int)length)], header.HeadWidth, x.dtype, x.device);
        for (int i = 0; i < header.Layers; i++)
        {
            using var block = NewDisposeScope();
            var attended = x + Attend(Norm(x, weights.AttentionNorm.select(0, i)), i, rotary);
            var normed = Norm(attended, weights.FeedNorm.select(0, i));
            var raised = functional.silu(Map(normed, weights.Gate, i)) * Map(normed, weights.Up, i);                 // [B, L, F]
            x = (attended + Map(raised, weights.Down, i)).MoveToOuterDisposeScope();
        }
        return Norm(x, weights.LastNorm).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => weights.Dispose();

    private Tensor Attend(Tensor x, int i, Rotary rotary)
    {
        var q = rotary.Rotate(Apart(Heads(Map(x, weights.Queries, i))));
        var k = rotary.Rotate(Apart(Heads(Map(x, weights.Keys, i))));
        return Map(CausalAttention.Mix(q, k, Heads(Map(x, weights.Values, i))), weights.AttentionOut, i);
    }

    private Tensor Heads(Tensor x) => x.view(x.size(0), x.size(1), header.Heads, header.HeadWidth); // [B, L, H, D]

    // Here dimension 2j turns with 2j + 1, in Rotary j with j + D/2. Reordering queries and keys alike leaves their products.
    private static Tensor Apart(Tensor x)
    {
        var sizes = x.shape;
        return x.view(sizes[0], sizes[1], sizes[2], sizes[3] / 2, 2).transpose(3, 4).reshape(sizes);
    }

    private static Tensor Map(Tensor x, Tensor stacked, int i) => functional.linear(x, stacked.select(0, i));

    private static Tensor Norm(Tensor x, Tensor scale) => x * (x.square().mean([-1], keepdim: true) + Epsilon).rsqrt() * scale;
}

/// <summary>The weights of a Llama, each kind stacked over the blocks, in the order of a llama2.c file. Maps are [out, in].</summary>
internal sealed class LlamaWeights : IDisposable
{
    public LlamaWeights(ReadOnlySpan<byte> file, LlamaHeader header, Device device, ScalarType type)
    {
        var (layers, d, feed) = (header.Layers, header.Width, header.FeedWidth);
        var rest = file[LlamaHeader.Bytes..];
        Embedding = Next(ref rest, header.TokenCount, d);
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

/// <summary>The seven int32 that a llama2.c file starts with.</summary>
/// <param name="Width">D.</param>
/// <param name="FeedWidth">Between the two maps of the feed-forward part.</param>
/// <param name="Layers">How many blocks.</param>
/// <param name="Heads">How many heads, of keys and values too.</param>
/// <param name="TokenCount">V.</param>
/// <param name="Context">How many tokens it can read at once.</param>
public sealed record LlamaHeader(int Width, int FeedWidth, int Layers, int Heads, int TokenCount, int Context)
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 7 * sizeof(int);

    /// <summary>D / H.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Bytes of header and weights.</summary>
    public long FileBytes
    {
        get
        {
            long attention = 4L * Width * Width, feed = 3L * Width * FeedWidth, norms = 2L * Width;
            long rotation = (long)Context * HeadWidth; // cosines and sines, computed here
            return Bytes + (sizeof(float) * (((long)TokenCount * Width) + (Layers * (attention + feed + norms)) + Width + rotation));
        }
    }

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="SuiteException">It is none, or of a variant that this network is not.</exception>
    public static LlamaHeader Read(ReadOnlySpan<byte> file, string name)
    {
        if (file.Length < Bytes)
            throw Wrong(name, $"it has {file.Length} bytes");
        int[] values = new int[7];
        for (int i = 0; i < values.Length; i++)
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(file[(i * sizeof(int))..]);
        if (values is not [> 0, > 0, > 0, > 0, > 0, > 0, > 0] || values[0] % values[3] != 0 || values[0] / values[3] % 2 != 0)
            throw Wrong(name,
                $"its header [{string.Join(", ", values)}] is not width, feed-forward width, layers, heads, key heads, vocabulary and " +
                    "context");
        if (values[3] != values[4])
            throw Wrong(name, $"it has {values[3]} heads but {values[4]} of keys, and only as many of both are read here");
        var header = new LlamaHeader(values[0], values[1], values[2], values[3], values[5], values[6]);
        return header.FileBytes <= file.Length ? header
            : throw Wrong(name, $"its weights take {header.FileBytes} bytes, but it has {file.Length}");
    }

    private static SuiteException Wrong(string name, string what) =>
        new($"{name} is no llama2.c network: {what}",
            "Name a file of llama2.c's first format, with the embedding as output layer, such as stories15M.");
}
