using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bench.Data.Safetensors;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Published;

/// <summary>
/// A published checkpoint: named tensors in the order of its state dict, EMA weights if it holds any, and its configuration. Read are
/// safetensors (one file, or shards by an index), what torch.save wrote, and Lightning checkpoints. No code of a file is run.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const int MostIndex = 1 << 26;

    // By precedence, below a folder that a user names.
    private static readonly string[] Weights =
        [Index, "model.safetensors", "pytorch_model.bin", "model.pt", "checkpoints-meta/checkpoint.pth"];

    private static readonly string[] Configs = ["config.json", "config.yaml", ".hydra/config.yaml", "../.hydra/config.yaml"];

    private static readonly ConcurrentDictionary<(string Path, long Length, DateTime Written), string> Hashes = new();

    private readonly List<IDisposable> files = [];
    private ImmutableArray<string> weights;

    private Checkpoint(string path, string file) => (Path, File, weights) = (path, file, [file]);

    /// <summary>What the user named.</summary>
    public string Path { get; }

    /// <summary>The file of the weights, or the index of its shards.</summary>
    public string File { get; }

    /// <summary>safetensors, torch.save or Lightning, with the number of shards.</summary>
    public string Container { get; private set; } = "";

    /// <summary>The tensors of the state dict, in its order.</summary>
    public ImmutableArray<KeyValuePair<string, StoredTensor>> Tensors { get; private set; } = [];

    /// <summary>EMA weights without names, in the order of the network's parameters; default where there are none.</summary>
    public ImmutableArray<StoredTensor> Averages { get; private set; }

    /// <summary>Decay of the EMA, where it is stored.</summary>
    public double? AverageDecay { get; private set; }

    /// <summary>Step of training, where it is stored.</summary>
    public long? Step { get; private set; }

    /// <summary>Parts of the file that are not read: optimiser states and the like.</summary>
    public ImmutableArray<string> Skipped { get; private set; } = [];

    /// <summary>The configuration in the file or beside it.</summary>
    public CheckpointConfig Config { get; private set; } = CheckpointConfig.None;

    /// <summary>Opens a file or a folder, and checks all but the elements of its tensors.</summary>
    /// <exception cref="SuiteException">It is no checkpoint, is damaged, or holds what is refused.</exception>
    public static Checkpoint Open(string path)
    {
        var checkpoint = new Checkpoint(path, Found(path));
        try
        {
            checkpoint.Read();
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>
    /// SHA-256 of the file of weights, in hexadecimal; of shards, that of their names and hashes, one a line in the order of names.
    /// </summary>
    /// <exception cref="SuiteException">A file cannot be read.</exception>
    public string Fingerprint() => weights is [var file]
        ? HashOf(file)
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Concat(weights.Select(shard => $"{System.IO.Path.GetFileName(shard)} {HashOf(shard)}\n")))));

    /// <summary>Closes the files.</summary>
    public void Dispose() => files.ForEach(file => file.Dispose());

    // Gigabytes, which a plan asks for several times.
    private static string HashOf(string path)
    {
        var info = new FileInfo(path);
        return Hashes.GetOrAdd((info.FullName, info.Length, info.LastWriteTimeUtc), _ =>
        {
            using var stream = InputFile.Open(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        });
    }

    private static string Found(string path)
    {
        if (!Directory.Exists(path))
        {
            InputFile.Require(path);
            return System.IO.File.Exists(path)
                ? path
                : throw new SuiteException($"{path} does not exist", "Name a checkpoint, or the folder that it lies in.");
        }

        string[] known = [.. Weights.Select(name => System.IO.Path.Combine(path, name)).Where(System.IO.File.Exists)];
        string[] lightning = [.. Directory.EnumerateFiles(path, "*.ckpt").Order(StringComparer.Ordinal)];
        return known.Length > 0 ? known[0]
            : lightning.Length == 1 ? lightning[0]
            : throw new SuiteException(
                $"{path} holds {(lightning.Length == 0 ? "no checkpoint" : $"{lightning.Length} files *.ckpt")}",
                $"Name one file. Looked for were {string.Join(", ", Weights)} and one *.ckpt.");
    }

    private void Read()
    {
        if (File.EndsWith(".json", StringComparison.Ordinal))
            ReadShards();
        else if (Signature() is [(byte)'P', (byte)'K', 3, 4, ..])
            ReadArchive();
        else
            ReadSafetensors();
        if (Config.IsEmpty)
            Config = Beside();
    }

    private CheckpointConfig Beside()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(File))!;
        string? found = Configs.Select(name => System.IO.Path.Combine(folder, name)).FirstOrDefault(System.IO.File.Exists);
        return found is null ? CheckpointConfig.None : CheckpointConfig.Read(found);
    }

    // What people have in place of a checkpoint is said by name.
    private byte[] Signature()
    {
        byte[] start = new byte[64];
        using (var stream = InputFile.Open(File))
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.AsSpan().StartsWith("version https://git-lfs"u8))
            throw new SuiteException($"{File} is a Git LFS pointer, not the file that it stands for",
                "Run 'git lfs pull' in its repository, or download the file itself.");
        if (start.AsSpan().TrimStart("\uFEFF \t\r\n"u8) is [(byte)'<', (byte)'!' or (byte)'h' or (byte)'H' or (byte)'?', ..])
            throw new SuiteException($"{File} is a web page",
                "Download the file itself: on a hub by its 'resolve' address, not by 'blob'.");
        // The length of a safetensors table may begin with the same two bytes; its seventh byte is 0, and the table follows as JSON.
        if (start is [0x80, >= 2 and <= 5, ..] and not [_, _, _, _, _, _, 0, 0, (byte)'{', ..])
            throw new SuiteException($"{File} was saved before torch 1.6, as bare pickles without a zip archive",
                "Load it with torch, save it again, and name that file.");
        return start;
    }

    private void ReadSafetensors()
    {
        Container = "safetensors";
        Tensors = [.. Entries(Opened(File))];
    }

    // The order of the data is that of names in safetensors; a state dict's order is not kept by the format.
    private static IEnumerable<KeyValuePair<string, StoredTensor>> Entries(SafetensorsFile file) =>
        from entry in file.Tensors.Values
        orderby entry.Start, entry.Name
        select KeyValuePair.Create(entry.Name, Stored(file, entry));

    private static StoredTensor Stored(SafetensorsFile file, SafetensorsEntry entry)
    {
        var type = ElementType.All.FirstOrDefault(type => type.Name == entry.Type) ?? throw new SuiteException(
            $"{file.Path}: '{entry.Name}' is of type {entry.Type}, which is not read",
            $"Convert it to one of {string.Join(", ", ElementType.All.Select(type => type.Name))}.");
        try
        {
            return StoredTensor.Whole($"{file.Path}: {entry.Name}", type, entry.Shape, into => file.ReadBytes(entry, into));
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new SuiteException($"{file.Path}: '{entry.Name}' is damaged: {error.Message}", "Download it again.", error);
        }
    }

    private SafetensorsFile Opened(string path)
    {
        var file = SafetensorsFile.Open(path);
        files.Add(file);
        return file;
    }

    private void ReadShards()
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(File))!;
        Dictionary<string, string> map;
        try
        {
            using var index = JsonDocument.Parse(InputFile.ReadText(File, MostIndex), new() { AllowDuplicateProperties = false });
            map = index.RootElement.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "", StringComparer.Ordinal);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Wrong($"it is no index of shards: {error.Message}");
        }

        if (map.Values.FirstOrDefault(
            name => name.Length == 0 || name != System.IO.Path.GetFileName(name) || name.Contains('\\')
                || name is "." or "..") is { } outside)
            throw Wrong($"it names the file '{outside}', which does not lie beside it");
        var shards = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        foreach (string name in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string path = System.IO.Path.Combine(folder, name);
            shards[name] = System.IO.File.Exists(path) ? Opened(path) : throw Wrong($"it names the file '{name}', which is missing");
        }

        foreach (var (name, shard) in shards)
        {
            if (shard.Tensors.Keys.FirstOrDefault(tensor => map.GetValueOrDefault(tensor) != name) is { } stray)
                throw Wrong(
                    $"'{name}' holds the tensor '{stray}', which the index has "
                        + $"{(map.TryGetValue(stray, out string? other) ? $"in '{other}'" : "nowhere")}");
        }

        if (map.FirstOrDefault(entry => !shards[entry.Value].Tensors.ContainsKey(entry.Key)) is { Key: { } missing } place)
            throw Wrong($"the tensor '{missing}' is not in '{place.Value}'");
        weights = [.. shards.Values.Select(shard => shard.Path).Order(StringComparer.Ordinal)];
        Container = $"safetensors, {shards.Count} {(shards.Count == 1 ? "file" : "files")}";
        Tensors = [.. shards.Values.SelectMany(Entries)];

        SuiteException Wrong(string what) => new($"{File}: {what}", "Download the whole folder again.");
    }

    private void ReadArchive()
    {
        var archive = TorchArchive.Open(File);
        files.Add(archive);
        var root = archive.Root as PickleDict ?? throw NoState($"it holds no dictionary");
        string? key = ((string[])["state_dict", "model"]).FirstOrDefault(root.Has);
        var state = key is null ? root : root[key] as PickleDict ?? throw NoState($"'{key}' is no dictionary");
        Container = key == "state_dict" ? "Lightning checkpoint" : "torch.save archive";
        Tensors = [.. state.Entries.Select(entry => entry is { Key: string name, Value: StoredTensor tensor }
            ? KeyValuePair.Create(name, tensor)
            : throw NoState($"its entry '{entry.Key}' is no tensor"))];
        if (key is null)
            return;
        Step = root["global_step"] as long? ?? root["step"] as long?;
        if (root["ema"] is PickleDict ema)
        {
            AverageDecay = ema["decay"] as double?;
            Averages = ema["shadow_params"] is List<object?> list
                ? [.. list.Select((value, i) => value as StoredTensor ?? throw NoState($"value {i} of ema.shadow_params is no tensor"))]
                : throw NoState("ema.shadow_params is no list");
        }

        string[] used = [key, "ema", "global_step", "step", "epoch", "hyper_parameters", "pytorch-lightning_version", "hparams_name"];
        Skipped = [.. root.Entries.Select(entry => entry.Key as string ?? "?").Except(used, StringComparer.Ordinal)];
        try
        {
            if ((root["hyper_parameters"] as PickleDict)?["config"] is { } config)
                Config = CheckpointConfig.Of($"{File}: hyper_parameters", config);
        }
        catch (FormatException error)
        {
            throw NoState($"hyper_parameters cannot be read: {error.Message}");
        }

        SuiteException NoState(string what) => new(
            $"{File} holds no state dict of tensors: {what}", "Name a file with a state dict, or with one under 'state_dict' or 'model'.");
    }
}
