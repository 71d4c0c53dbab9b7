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
    private const string Run = "0123456789abcdef";

    [Fact]
    public void A_saved_file_is_read_back()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        var (matrix, scalar) = (tensor([1f, 2, 3, 4, 5, 6], [2, 3]), tensor(7f));
        Checkpoint.Save(path, Run, 42, [("matrix", matrix), ("scalar", scalar)]);
        var (empty, zero) = (zeros([2, 3], float32), tensor(0f));
        Assert.Equal(42, Checkpoint.Load(path, Run, [("scalar", zero), ("matrix", empty)]));
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
        byte[] table = Encoding.UTF8.GetBytes(
            $$"""{"Run":"{{Run}}","Step":7,"Tensors":[{"Name":"first","Shape":[2],"Offset":0},"""
            + $$"""{"Name":"last","Shape":[2],"Offset":{{8 + Hole}}}]}""");
        byte[] head = [.. "BENCHCK1"u8, .. BitConverter.GetBytes(table.Length), .. table, .. BitConverter.GetBytes(1f),
            .. BitConverter.GetBytes(2f)];
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
        Assert.Equal(7, Checkpoint.Load(path, Run, [("last", last), ("first", first)]));
        Assert.Equal([1f, 2, 3, 4], [.. first.data<float>().ToArray(), .. last.data<float>().ToArray()]);
    }

    [Theory, InlineData(0), InlineData(20), InlineData(-1), InlineData(-40)]
    public void A_changed_byte_is_noticed(int at)
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, Run, 42, [("matrix", ones([2, 3], float32))]);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(path, bytes);
        var refused = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", zeros([2, 3], float32))]));
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_networks_checkpoint_is_refused_by_name_and_shape()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, Run, 1, [("matrix", ones([2, 3], float32))]);
        Assert.Contains("[3, 3]",
            Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", zeros([3, 3], float32))])).Message,
            StringComparison.Ordinal);
        Assert.Contains("'other'",
            Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("other", zeros([2, 3], float32))])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_runs_checkpoint_is_refused_by_both_names_and_leaves_the_network_as_it_was()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, "fedcba9876543210", 1, [("matrix", ones([2, 3], float32))]);
        var matrix = zeros([2, 3], float32);
        string said = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", matrix)])).Message;
        Assert.All([path, Run, "fedcba9876543210"], name => Assert.Contains(name, said, StringComparison.Ordinal));
        Assert.Equal(0, matrix.sum().item<float>());
    }

    [Fact]
    public void A_checkpoint_holds_what_its_network_has_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var scope = NewDisposeScope();
        string path = Path.Combine(folder.Path, "a.ckpt");
        Checkpoint.Save(path, Run, 1, [("matrix", ones([2, 3], float32)), ("bias", ones([3], float32))]);
        var matrix = zeros([2, 3], float32);
        string more = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", matrix)])).Message;
        (string, long[]) bias = ("bias", [3]), moment = ("moment", [3]);
        string less = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", matrix)], bias, moment)).Message;
        string other = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, [("matrix", matrix)], ("bias", [4]))).Message;
        Assert.Contains("'bias' is none in the network and [3] in the file", more, StringComparison.Ordinal);
        Assert.Contains("'moment' is [3] in the network and none in the file", less, StringComparison.Ordinal);
        Assert.Contains("'bias' is [4] in the network and [3] in the file", other, StringComparison.Ordinal);
        Assert.Equal(0, matrix.sum().item<float>());
        Assert.Equal(1, Checkpoint.Load(path, Run, [("matrix", matrix)], bias));
        Assert.Equal(6, matrix.sum().item<float>());
    }

    [Fact]
    public void A_checkpoint_of_a_version_that_named_no_run_is_refused_with_a_way_out()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "old.ckpt");
        byte[] table = Encoding.UTF8.GetBytes("""{"Step":7,"Tensors":[]}""");
        byte[] content = [.. "BENCHCK1"u8, .. BitConverter.GetBytes(table.Length), .. table];
        File.WriteAllBytes(path, [.. content, .. SHA256.HashData(content)]);
        var refused = Assert.Throws<SuiteException>(() => Checkpoint.Load(path, Run, []));
        Assert.Contains("earlier version", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("run the experiment again", refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_is_a_clear_failure_that_leaves_the_old_checkpoint()
    {
        using var scope = NewDisposeScope();
        var refused =
            Assert.Throws<SuiteException>(() => Checkpoint.Save("/proc/nowhere/a.ckpt", Run, 1, [("matrix", ones([2, 3], float32))]));
        Assert.Contains("could not be written", refused.Message, StringComparison.Ordinal);
        Assert.Contains("checkpoint before", refused.Fix, StringComparison.Ordinal);
    }
}
