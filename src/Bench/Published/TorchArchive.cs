using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Published;

/// <summary>
/// What torch.save (1.6 and later) wrote: a zip of one pickle and of storages. Only plain values and tensors are made of it; no code of
/// the file is run. Elements are read when a <see cref="StoredTensor"/> is asked for them, and their CRC-32 is then checked.
/// </summary>
internal sealed class TorchArchive : IDisposable
{
    private const int MostPickle = 1 << 26;
    private const string Fix = "Download the file again. Files of other programs: save the state dict as safetensors.";

    private readonly FileStream file;
    private readonly FrozenDictionary<string, ZipRecord> records;
    private readonly string root;

    private TorchArchive(string path, FileStream file)
    {
        (Path, this.file) = (path, file);
        records = ZipDirectory.Read(file.SafeFileHandle, path).ToFrozenDictionary(record => record.Name, StringComparer.Ordinal);
        string[] pickles = [.. records.Keys.Where(
            name => name.EndsWith("/data.pkl", StringComparison.Ordinal) && name.Count(letter => letter == '/') == 1)];
        if (pickles.Length != 1)
            throw Wrong($"it holds {pickles.Length} records data.pkl, and torch.save writes one");
        root = pickles[0][..^"data.pkl".Length];
        if (records.TryGetValue($"{root}byteorder", out var order)
            && Encoding.UTF8.GetString(Content(order, 16)).Trim() is not "little" and var text)
            throw new SuiteException($"{path}: its numbers are stored {text}-endian, and little-endian is read",
                "Save it again on a common machine (x86, ARM).");
        Root = Pickle(records[pickles[0]]);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The value that was saved.</summary>
    public object? Root { get; }

    /// <summary>Opens an archive and reads its pickle.</summary>
    /// <exception cref="SuiteException">The file is damaged, or holds what is not on the closed lists of the reader.</exception>
    public static TorchArchive Open(string path)
    {
        var stream = InputFile.Open(path, buffer: 0);
        try
        {
            return new TorchArchive(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private object? Pickle(ZipRecord record)
    {
        var reader = new Unpickler(Content(record, MostPickle), Tensor);
        try
        {
            return reader.Read();
        }
        catch (FormatException error)
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{record.Name}, byte {reader.Position}: {error.Message}"), error);
        }
    }

    private StoredTensor Tensor(PickleStorage storage, long offset, ImmutableArray<long> shape, ImmutableArray<long> strides)
    {
        string name = $"{root}data/{storage.Key}";
        if (!records.TryGetValue(name, out var record))
            throw new FormatException($"the record {name} is missing");
        if (storage.Count > long.MaxValue / storage.Type.Bytes || record.Length != storage.Count * storage.Type.Bytes)
            throw new FormatException(
                $"the record {name} has {record.Length} bytes, and {storage.Count} elements of {storage.Type.Name} are expected");
        return StoredTensor.View($"{Path}: {name}", storage.Type, shape, strides, offset, storage.Count, into => Read(record, into));
    }

    private byte[] Content(ZipRecord record, int most)
    {
        if (record.Length > most)
            throw Wrong($"its record '{record.Name}' has {record.Length} bytes, and at most {most} are expected");
        byte[] bytes = new byte[record.Length];
        Read(record, bytes);
        return bytes;
    }

    private void Read(ZipRecord record, Span<byte> into)
    {
        ZipDirectory.ReadExactly(file.SafeFileHandle, into, record.Start, Path);
        if (Crc32.Of(into) != record.Crc)
            throw Wrong($"the bytes of its record '{record.Name}' do not have the checksum that its directory states");
    }

    private SuiteException Wrong(string what, Exception? inner = null) =>
        new($"{Path} cannot be read as a torch.save archive: {what}", Fix, inner);
}
