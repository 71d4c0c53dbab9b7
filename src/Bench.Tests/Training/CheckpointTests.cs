using System.Security.Cryptography;
using System.Text;
using Bench.Results;
using Bench.Tests.Data;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Training;

public sealed class CheckpointTests
{
    [Fact]
    public void What_is_saved_is_read_back()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        var (matrix, scalar) = (tensor([1f, 2, 3, 4, 5, 6], [2, 3]), tensor(7f));
        Checkpoint.Save(path, 42, [("matrix", matrix), ("scalar", scalar)]);
        var (empty, zero) = (zeros([2, 3], float32), tensor(0f));
        Assert.Equal(42, Checkpoint.Load(path, [("scalar", zero), ("matrix", empty)]));
        Assert.True(allclose(matrix, empty, 0, 0));
        Assert.Equal(7, zero.item<float>());
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_checkpoint_longer_than_an_array_can_be_is_read()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "large.ckpt");
        // As it is written, but with a hole of 2 GiB before the last tensor, which takes no room on the disk.
        const long Hole = 1L << 31;
        byte[] table = Encoding.UTF8.GetBytes($$"""{"Step":7,"Tensors":[{"Name":"first","Shape":[2],"Offset":0},{"Name":"last","Shape":[2],"Offset":{{8 + Hole}}}]}""");
        byte[] head = [.. "BENCHCK1"u8, .. BitConverter.GetBytes(table.Length), .. table, .. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];
        byte[] tail = [.. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(4f)];
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        using (var file = File.Create(path))
        {
            hash.AppendData(head);
            byte[] nothing = new byte[1 << 20];
            for (long at = 0; at < Hole; at += nothing.Length)
                hash.AppendData(nothing);
            hash.AppendData(tail);
            file.Write(head);
            file.Position += Hole;
            file.Write(tail);
            file.Write(hash.GetHashAndReset());
        }

        var (first, last) = (zeros([2], float32), zeros([2], float32));
        Assert.Equal(7, Checkpoint.Load(path, [("last", last), ("first", first)]));
        Assert.Equal([1f, 2, 3, 4], [.. first.data<float>().ToArray(), .. last.data<float>().ToArray()]);
    }

    [Theory, InlineData(0), InlineData(20), InlineData(-1), InlineData(-40)]
    public void A_changed_byte_is_noticed(int at)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, 42, [("matrix", ones([2, 3], float32))]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(path, bytes);
        var refused = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, [("matrix", zeros([2, 3], float32))]));
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_networks_checkpoint_is_refused_by_name_and_shape()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, 1, [("matrix", ones([2, 3], float32))]);
        Assert.Contains("[3, 3]", Assert.Throws<SuiteException>(() => Checkpoint.Load(path, [("matrix", zeros([3, 3], float32))])).Message, StringComparison.Ordinal);
        Assert.Contains("'other'", Assert.Throws<SuiteException>(() => Checkpoint.Load(path, [("other", zeros([2, 3], float32))])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_a_clear_failure_that_leaves_the_old_checkpoint()
    {
        using var scope = NewDisposeScope();
        var refused = Assert.Throws<SuiteException>(() => Checkpoint.Save("/proc/nowhere/a.ckpt", 1, [("matrix", ones([2, 3], float32))]));
        Assert.Contains("could not be written", refused.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint before", refused.Fix, StringComparison.Ordinal);
    }
}
