
using System.Text;
using Bench.Data.Safetensors;
using Bench.Results;
using Xunit;

namespace Bench.Tests.Data;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tensors_are_read_by_name_and_halves_widen_exactly()
    {
        float[] halves = [1.5f, -65504, 6.1e-5f, 0, float.PositiveInfinity];
        float[] numbers = [1.5f, -3e38f, 1e-40f];
        using var file = SafetensorsFile.Open(TinySafetensors.Write(
            folder["a"],
            ("matrix", "F32", [3, 1], TinySafetensors.Bytes(numbers)),
            ("half", "F16", [5], [.. halves.SelectMany(value => BitConverter.GetBytes((Half)value))]),
            ("brain", "BF16", [3], [.. numbers.SelectMany(value => BitConverter.GetBytes(value)[2..])]),
            ("scalar", "F32", [], TinySafetensors.Bytes(7)),
            ("nothing", "F32", [0, 4], []),
            ("mask", "BOOL", [2], [1, 0])));

        Assert.Equal(numbers, Read(file, "matrix"));
        Assert.Equal(halves.Select(value => (float)(Half)value), Read(file, "half"));
        Assert.Equal(numbers.Select(Cut), Read(file, "brain"));
        Assert.Equal([7f], Read(file, "scalar"));
        Assert.Empty(Read(file, "nothing"));
        Assert.Equal([3L, 1L], file.Tensors["matrix"].Shape.AsEnumerable());
        Assert.Contains("'mask' is of type BOOL", Assert.Throws<SuiteException>(() => Read(file, "mask")).Message,
            StringComparison.Ordinal);

        static float Cut(float value) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) & ~0xFFFF);
    }

    [Fact]
    public void Half_precision_is_read_piece_by_piece()
    {
        float[] values = [.. Enumerable.Range(0, 700_000).Select(i => (float)(i % 2048))];
        using var file = SafetensorsFile.Open(
            TinySafetensors.Write(folder["a"],
                ("long", "F16", [700_000], [.. values.SelectMany(value => BitConverter.GetBytes((Half)value))])));
        Assert.Equal(values, Read(file, "long"));
    }

    [Fact]
    public void A_tensor_beyond_two_gibibytes_is_found()
    {
        const long Far = 3L << 30;
        string table =
            $$$"""{"far":{"dtype":"F32","shape":[1],"data_offsets":[{{{Far}}},{{{Far + 4}}}]},"""
            + $$$""" "zeros":{"dtype":"U8","shape":[{{{Far}}}],"data_offsets":[0,{{{Far}}}]}}""";
        string path = TinySafetensors.Write(folder["a"], table, []);
        using (var data = File.OpenWrite(path))
        {
            data.SetLength(data.Length + Far); // a hole: no disk is filled
            data.Position = data.Length;
            data.Write(TinySafetensors.Bytes(42));
        }
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([42f], Read(file, "far"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "'a' ends at byte 70, but the file has 66 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8,
        "its last tensor ends at byte 66, but the file has 70 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4,
        "'a' wrongly: F32 [2] takes 8 bytes, but the table gives it 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3,
        "'b' starts at byte")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "'a' starts at byte")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "'a' wrongly")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,4]}}""", 4, "'a' wrongly")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "'a' wrongly")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "'a' wrongly")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "'a' wrongly")]
    [InlineData("""{"a":7}""", 4, "'a' wrongly")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1,
        "no JSON object")]
    [InlineData("""[1,2]""", 0, "no JSON object")]
    [InlineData("""{"a":""", 0, "no JSON object")]
    public void A_damaged_table_is_one_error_that_names_file_and_tensor(string table, int dataBytes, string expected) =>
        AssertRefused(TinySafetensors.Write(folder["a"], table, new byte[dataBytes]), expected);

    [Theory]
    [InlineData("", "the file has 0 bytes")]
    [InlineData("seven b", "the file has 7 bytes")]
    [InlineData("<html>not found</html>", "the file has 22 bytes")]
    public void Something_else_is_no_safetensors_file(string text, string expected) => AssertRefused(folder.Write("a", text), expected);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Assert.Contains(folder["none"], Assert.Throws<SuiteException>(() => SafetensorsFile.Open(folder["none"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Every_truncation_is_noticed()
    {
        byte[] whole = File.ReadAllBytes(
            TinySafetensors.Write(folder["a"], ("a", "F32", [2], TinySafetensors.Bytes(1, 2)),
                ("b", "F32", [1], TinySafetensors.Bytes(3))));
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder["b"], whole[..length]);
            Assert.Throws<SuiteException>(() => SafetensorsFile.Open(folder["b"]));
        }
        Assert.Contains("__metadata__", Encoding.UTF8.GetString(whole), StringComparison.Ordinal);
    }

    private static void AssertRefused(string path, string expected)
    {
        var error = Assert.Throws<SuiteException>(() => SafetensorsFile.Open(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static float[] Read(SafetensorsFile file, string name)
    {
        var entry = file.Tensors[name];
        var values = new float[entry.Count];
        file.Read(entry, values);
        return values;
    }
}
