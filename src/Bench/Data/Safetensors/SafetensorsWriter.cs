using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bench.Results;
using static TorchSharp.torch;

namespace Bench.Data.Safetensors;

/// <summary>Writes named tensors as a file of the safetensors format, in float32.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file, one tensor after the other; what is there before it is whole has another name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Each is asked for as it is written, and is on the CPU for as long.</param>
    /// <exception cref="SuiteException">The disk is full or the folder cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, Tensor Tensor)> tensors) =>
        AtomicFile.Write(path, file => Write(file, tensors));

    private static void Write(Stream file, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var table = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        long at = 0;
        foreach (var (name, tensor) in tensors)
        {
            long start = at;
            at += tensor.numel() * sizeof(float);
            table[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. tensor.shape.Select(size => (JsonNode?)JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(start, at),
            };
        }

        byte[] text = JsonSerializer.SerializeToUtf8Bytes(table);
        byte[] padded = new byte[(text.Length + Alignment - 1) / Alignment * Alignment];
        padded.AsSpan().Fill((byte)' ');
        text.CopyTo(padded, 0);
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)padded.Length);
        file.Write(length);
        file.Write(padded);
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            file.Write(tensor.detach().to(float32).cpu().contiguous().bytes);
        }
    }
}
