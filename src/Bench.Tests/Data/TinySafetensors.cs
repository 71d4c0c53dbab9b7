using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Bench.Tests.Data;

/// <summary>Writes small files of the safetensors format.</summary>
internal static class TinySafetensors
{
    public static string Write(string path, params (string Name, string Type, long[] Shape, byte[] Data)[] tensors)
    {
        long end = 0;
        var table = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "pt" } };
        foreach (var (name, type, shape, data) in tensors)
        {
            table.Add(name, new { dtype = type, shape, data_offsets = new[] { end, end + data.Length } });
            end += data.Length;
        }
        return Write(path, JsonSerializer.Serialize(table), [.. tensors.SelectMany(tensor => tensor.Data)]);
    }

    public static string Write(string path, IEnumerable<(string Name, long[] Shape, float[] Values)> tensors) =>
        Write(path, [.. tensors.Select(tensor => (tensor.Name, "F32", tensor.Shape, Bytes(tensor.Values)))]);

    public static string Write(string path, string table, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(table);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data]);
        return path;
    }

    public static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
