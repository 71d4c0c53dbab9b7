using System.Buffers.Binary;
using Bench.Results;

namespace Bench.Pretrained;

/// <summary>The seven int32 that a llama2.c file starts with.</summary>
/// <param name="Width">D.</param>
/// <param name="FeedWidth">Between the two maps of the feed-forward part.</param>
/// <param name="Layers">How many blocks.</param>
/// <param name="Heads">How many heads, of keys and values too.</param>
/// <param name="Words">V.</param>
/// <param name="Context">How many tokens it can read at once.</param>
public sealed record LlamaHeader(int Width, int FeedWidth, int Layers, int Heads, int Words, int Context)
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
            return Bytes + (sizeof(float) * (((long)Words * Width) + (Layers * (attention + feed + norms)) + Width + rotation));
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
            throw Wrong(name, $"its header [{string.Join(", ", values)}] is not width, feed-forward width, layers, heads, key heads, vocabulary and context");
        if (values[3] != values[4])
            throw Wrong(name, $"it has {values[3]} heads but {values[4]} of keys, and only as many of both are read here");
        var header = new LlamaHeader(values[0], values[1], values[2], values[3], values[5], values[6]);
        return header.FileBytes <= file.Length ? header : throw Wrong(name, $"its weights take {header.FileBytes} bytes, but it has {file.Length}");
    }

    private static SuiteException Wrong(string name, string what) =>
        new($"{name} is no llama2.c network: {what}", "Name a file of llama2.c's first format, with the embedding as output layer, such as stories15M.");
}
