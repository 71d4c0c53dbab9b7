using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class EngineTests
{
    [Fact]
    public void The_engine_describes_the_libtorch_in_use()
    {
        Engine.Load();
        Assert.Null(Engine.Problem);
        Assert.Matches(@"^\d+\.\d+\.\d+", __version__);
        Assert.Contains("PyTorch built with", Engine.Configuration, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Engine.Location));
        Assert.True(Engine.HeapBytes > 0);
    }

    [Fact]
    public void Cuda_is_available_when_it_has_devices() => Assert.Equal(cuda.device_count() > 0, cuda.is_available());

    [Fact]
    public void A_device_that_is_not_there_is_named_in_the_error()
    {
        if (cuda.is_available())
            return;
        var message = Assert.Throws<TorchException>(() => zeros([1], device: CUDA)).Message;
        Assert.Contains("CUDA", message, StringComparison.Ordinal);
        Assert.Equal(("cpu", "cuda:0"), (CPU.ToString(), CUDA.ToString()));
    }
}
