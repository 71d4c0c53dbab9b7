using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Bench.Tests.Data;
using Bench.Tests.Pretrained;

namespace Bench.Tests.Published;

/// <summary>A small GPT-2 with random weights, in the files that Hugging Face writes; texts of its symbols end in symbol 0.</summary>
internal static class TinyGpt2
{
    public const int Tokens = 47, Positions = 16, Width = 128, Blocks = 2;

    public static JsonObject Config => new()
    {
        ["architectures"] = new JsonArray("GPT2LMHeadModel"), ["model_type"] = "gpt2", ["vocab_size"] = Tokens,
        ["n_positions"] = Positions, ["n_ctx"] = Positions, ["n_embd"] = Width, ["n_layer"] = Blocks, ["n_head"] = Width / 64,
        ["n_inner"] = null, ["activation_function"] = "gelu_new", ["layer_norm_epsilon"] = 1e-5, ["bos_token_id"] = 0,
        ["eos_token_id"] = 0, ["scale_attn_weights"] = true,
    };

    /// <summary>The same network in loops over doubles.</summary>
    public static PlainGpt2 Plain { get; } = PlainGpt2.Random(Tokens, Positions, Width, Blocks, spread: 0.1);

    public static IEnumerable<(string Name, long[] Shape, float[] Values)> Weights => Plain.Weights;

    /// <summary>Causal masks, which its files have beside the weights.</summary>
    public static IEnumerable<(string Name, long[] Shape, float[] Values)> Masks =>
        Enumerable.Range(0, Blocks).Select(block => ($"h.{block}.attn.bias", new long[] { 1, 1, Positions, Positions },
            Enumerable.Range(0, Positions * Positions).Select(at => at % Positions <= at / Positions ? 1f : 0f).ToArray()));

    /// <summary>The table once more, as the vocabulary head.</summary>
    public static (string Name, long[] Shape, float[] Values) Head =>
        ("lm_head.weight", [Tokens, Width], Weights.First(weight => weight.Name == "wte.weight").Values);

    /// <summary>Writes a folder with model.safetensors and config.json.</summary>
    public static string Write(
        string folder, JsonObject? config = null, IEnumerable<(string Name, long[] Shape, float[] Values)>? weights = null)
    {
        Directory.CreateDirectory(folder);
        TinySafetensors.Write(Path.Combine(folder, "model.safetensors"), weights ?? Weights.Concat(Masks));
        return Configured(folder, config);
    }

    /// <summary>Writes a folder with pytorch_model.bin, as torch.save makes it, and config.json.</summary>
    public static string WriteArchive(string folder, IEnumerable<(string Name, long[] Shape, float[] Values)> weights)
    {
        Directory.CreateDirectory(folder);
        using var file = File.Create(Path.Combine(folder, "pytorch_model.bin"));
        using var archive = new ZipArchive(file, ZipArchiveMode.Create);
        using var pickle = new MemoryStream();
        using var writer = new BinaryWriter(pickle);
        writer.Write((byte[])[0x80, 2, (byte)'}', (byte)'(']);
        List<byte[]> storages = [];
        foreach (var (name, shape, values) in weights)
        {
            Text(name);
            Global("torch._utils", "_rebuild_tensor_v2");
            writer.Write((byte[])[(byte)'(', (byte)'(']);
            Text("storage");
            Global("torch", "FloatStorage");
            Text($"{storages.Count}");
            Text("cpu");
            Number(values.Length);
            writer.Write("tQ"u8);
            Number(0);
            Sizes(shape);
            Sizes([.. shape.Select((_, axis) => shape.Skip(axis + 1).Aggregate(1L, (steps, size) => steps * size))]);
            writer.Write((byte)0x89);
            Global("collections", "OrderedDict");
            writer.Write(")RtR"u8);
            storages.Add(TinySafetensors.Bytes(values));
        }

        writer.Write("u."u8);
        writer.Flush();
        Add("data.pkl", pickle.ToArray());
        foreach (var (i, storage) in storages.Index())
            Add($"data/{i}", storage);
        Add("version", "3\n"u8.ToArray());
        return Configured(folder, null);

        void Add(string name, byte[] content)
        {
            using var entry = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }

        void Text(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            writer.Write((byte)'X');
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }

        void Global(string module, string name) => writer.Write(Encoding.UTF8.GetBytes($"c{module}\n{name}\n"));

        void Number(long value)
        {
            writer.Write((byte)'J');
            writer.Write((int)value);
        }

        void Sizes(long[] sizes)
        {
            writer.Write((byte)'(');
            Array.ForEach(sizes, Number);
            writer.Write((byte)'t');
        }
    }

    private static string Configured(string folder, JsonObject? config)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), (config ?? Config).ToJsonString());
        return folder;
    }
}
