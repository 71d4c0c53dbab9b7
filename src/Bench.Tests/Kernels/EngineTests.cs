using Bench.Kernels;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

public sealed class EngineTests
{
    [Fact]
    public void The_engine_describes_the_libtorch_in_use()
    {
        Engine.Load();
        Assert.Null(Engine.Problem);
        Assert.Matches(@"^TorchSharp \d+\.\d+\.\d+, libtorch \d+\.\d+\.\d+", Engine.Version);
        Assert.True(File.Exists(Path.Combine(Engine.Location!, "libtorch_cpu.so")));
        Assert.True(Engine.HeapBytes > 0);
    }

    [Fact]
    public void Cuda_is_available_when_it_has_devices() => Assert.Equal(cuda.device_count() > 0, cuda.is_available());

    [Fact]
    public void A_device_that_is_not_there_is_named_in_the_error()
    {
        if (cuda.is_available())
            return;
        Assert.Contains("CUDA", Assert.ThrowsAny<Exception>(() => zeros([1], device: CUDA)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libtorch_cpu.so: failed to map segment from shared object", "ulimit -v")]
    [InlineData("libtorch_cpu.so: cannot allocate memory in static TLS block", "ulimit -v")]
    [InlineData("libtorch_cpu.so: failed to map segment from shared object: Operation not permitted", "dotnet restore")]
    [InlineData("libtorch_cpu.so: cannot open shared object file", "dotnet restore")]
    [InlineData("libm.so.6: version `GLIBC_2.38' not found", "make clean build")]
    public void Errors_of_the_loader_are_reported_with_advice(string said, string fix) =>
        Assert.Contains(fix, Engine.Explain($"Unable to load shared library.\n{said}\n"), StringComparison.Ordinal);
}
