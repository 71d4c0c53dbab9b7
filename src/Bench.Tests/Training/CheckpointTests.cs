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
