using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Bench.Results;
using Bench.Results.Files;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>
/// Named float32 tensors, the run that they belong to and its step in one file: magic, length of a JSON table, the table, the
/// numbers, SHA-256 of all that.
/// </summary>
/// <remarks>
/// Written beside its name, flushed to disk, then renamed: a file of that name is complete; damage on disk is found by its hash.
/// </remarks>
public static class Checkpoint
{
    // Bytes that are read at once.
    private const int Piece = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "BENCHCK1"u8;

    /// <summary>Writes a checkpoint, replacing one of the same name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run that is trained.</param>
    /// <param name="step">Updates done.</param>
    /// <param name="tensors">Everything that going on needs; on disk they are float32.</param>
    /// <exception cref="SuiteException">The disk is full or the folder cannot be written.</exception>
    public static void Save(string path, string run, long step, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        string partial = $"{path}.{Environment.ProcessId}.tmp";
        using var end = ProcessEnd.Before(() => File.Delete(partial));
        try
        {
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                Write(file, run, step, [.. tensors]);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(partial))
                File.Delete(partial);
            throw new SuiteException(
                $"checkpoint {path} could not be written: {failure.Message}",
                "Make room or make the folder writable, then run the same command: training goes on from the checkpoint before.",
                failure);
        }
    }

    /// <summary>Reads a checkpoint of a run into tensors of the same names and shapes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The id of the run.</param>
    /// <param name="tensors">What is read.</param>
    /// <param name="unread">What the file holds beside that: names and shapes.</param>
    /// <returns>The step it was taken at.</returns>
    /// <exception cref="SuiteException">
    /// The file is damaged, belongs to another run, or holds more or less than these tensors; nothing has been read then.
    /// </exception>
    public static long Load(
        string path, string run, IEnumerable<(string Name, Tensor Tensor)> tensors, params IEnumerable<(string Name, long[] Shape)> unread)
    {
        using var file = InputFile.Open(path, buffer: Piece);
        if (!IsWhole(file))
            throw new SuiteException($"checkpoint {path} is damaged: its checksum does not match",
                "Delete the file: training goes on from the checkpoint before it, or from the start.");
        file.Position = Magic.Length;
        byte[] length = new byte[sizeof(int)];
        file.ReadExactly(length);
        byte[] written = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        file.ReadExactly(written);
        var table = JsonSerializer.Deserialize<Table>(written)!;
        long start = file.Position;
        var entries = table.Tensors.ToDictionary(entry => entry.Name);
        (string Name, Tensor Tensor)[] read = [.. tensors];
        CheckRun(path, run, table.Run);
        CheckNames(path, entries, [.. read.Select(one => (one.Name, one.Tensor.shape)), .. unread]);
        using var recorded = no_grad();
        foreach (var (name, tensor) in read)
        {
            var entry = entries[name];
            using var scope = NewDisposeScope();
            file.Position = start + entry.Offset;
            // The largest tables are a fifth of a network: no second copy where the numbers can be read to where they belong.
            var into = tensor.is_contiguous() && tensor.dtype == float32 && tensor.device_type == TorchSharp.DeviceType.CPU
                ? tensor
                : empty(entry.Shape);
            file.ReadExactly(into.bytes);
            if (!ReferenceEquals(into, tensor))
                tensor.copy_(into);
        }

        return table.Step;
    }

    private static void CheckRun(string path, string run, string? owner)
    {
        if (owner is null)
        {
            throw new SuiteException(
                $"checkpoint {path} does not say which run it belongs to: an earlier version wrote it, and {run} is not resumed from it",
                "Delete the run's folder and run the experiment again: the network is trained anew.");
        }

        if (owner != run)
        {
            throw new SuiteException(
                $"checkpoint {path} belongs to the run {owner}, not to the run {run} whose folder it lies in",
                "Delete the file: training goes on from the checkpoint before it, or from the start.");
        }
    }

    private static void CheckNames(string path, Dictionary<string, Entry> entries, (string Name, long[] Shape)[] expected)
    {
        var names = expected.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var differences = expected
            .Select(one => (one.Name, Network: Shape(one.Shape), File: Shape(entries.GetValueOrDefault(one.Name)?.Shape)))
            .Where(one => one.Network != one.File)
            .Concat(from entry in entries.Values where !names.Contains(entry.Name) select (entry.Name, "none", Shape(entry.Shape)))
            .ToList();
        if (differences is [var (name, network, file), ..])
        {
            throw new SuiteException(
                $"checkpoint {path} does not fit the network: '{name}' is {network} in the network and {file} in the file",
                "It was written by another definition or version; delete it to train anew.");
        }

        static string Shape(long[]? shape) => shape is null ? "none" : $"[{string.Join(", ", shape)}]";
    }

    // In pieces: a large network's checkpoint is longer than an array can be.
    private static bool IsWhole(FileStream file)
    {
        long left = file.Length - SHA256.HashSizeInBytes;
        if (left < Magic.Length + sizeof(int))
            return false;
        byte[] magic = new byte[Magic.Length], piece = new byte[Piece], kept = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(magic);
        file.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        while (left > 0)
        {
            var read = piece.AsSpan(0, (int)Math.Min(left, piece.Length));
            file.ReadExactly(read);
            hash.AppendData(read);
            left -= read.Length;
        }

        file.ReadExactly(kept);
        return Magic.SequenceEqual(magic) && hash.GetHashAndReset().AsSpan().SequenceEqual(kept);
    }

    private static void Write(FileStream file, string run, long step, (string Name, Tensor Tensor)[] tensors)
    {
        using var scope = NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long offset = 0;
        List<Entry> entries = [];
        foreach (var (name, tensor) in tensors)
        {
            entries.Add(new Entry(name, tensor.shape, offset));
            offset += tensor.numel() * sizeof(float);
        }

        byte[] table = JsonSerializer.SerializeToUtf8Bytes(new Table(run, step, [.. entries]));
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, table.Length);
        Put(Magic);
        Put(length);
        Put(table);
        foreach (var (_, tensor) in tensors)
            Put(tensor.detach().to(float32).cpu().contiguous().bytes);
        file.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }
    }

    // The run is null in files of versions that did not name it.
    private sealed record Table(string? Run, long Step, Entry[] Tensors);

    private sealed record Entry(string Name, long[] Shape, long Offset);
}
