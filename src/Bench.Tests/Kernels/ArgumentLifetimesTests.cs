using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Bench.Kernels.Loading;
using TorchSharp;
using Xunit;

namespace Bench.Tests.Kernels;

/// <summary>Numbers that operators are given stay alive until libtorch has read them.</summary>
[Collection(nameof(Alone))]
public sealed class ArgumentLifetimesTests
{
    private static readonly byte[] Built = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"));

    [Fact]
    public void The_assembly_beside_the_program_keeps_arguments()
    {
        var attribute = typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>();
        Assert.True(attribute is { IsJITOptimizerDisabled: true, IsJITTrackingEnabled: true });
        Assert.True(ArgumentLifetimes.AreKept(Built));
        Assert.Contains("keep their arguments", BindingCopy.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_bytes_of_the_package_change_and_nothing_else()
    {
        byte[] package = File.ReadAllBytes(PackagedAssembly());
        Assert.False(ArgumentLifetimes.AreKept(package));
        byte[] kept = ArgumentLifetimes.Keep(package);
        Assert.Equal(2, package.Zip(kept).Count(pair => pair.First != pair.Second));
        Assert.Equal(Built, kept);
    }

    [Fact]
    public void An_assembly_without_the_attribute_or_with_two_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => ArgumentLifetimes.Keep([1, 2, 3]));
        Assert.Throws<InvalidDataException>(() => ArgumentLifetimes.Keep(Built)); // done already
        byte[] package = File.ReadAllBytes(PackagedAssembly());
        Assert.Throws<InvalidDataException>(() => ArgumentLifetimes.Keep([.. package, .. package]));
    }

    // On the package's own assembly about four collections in a hundred thousand free a factor in use ("Exception raised from toFloat"), so
    // that this looks for a common case; the flag above is what holds.
    [Fact]
    public void Collections_at_any_moment_do_not_free_a_factor_in_use()
    {
        const int Threads = 2, Collections = 1000;
        using var x = torch.ones(8);
        using var done = new CancellationTokenSource();
        int wrong = 0;
        var collector = new Thread(() =>
        {
            for (int i = 0; i < Collections; i++)
                GC.Collect(0);
            done.Cancel();
        });
        collector.Start();
        Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    using var sum = x.add(x, 3.0);
                    if (sum.data<float>()[0] != 4)
                        Interlocked.Increment(ref wrong);
                }
                catch (ExternalException)
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        });
        collector.Join();
        Assert.Equal(0, wrong);
    }

    private static string PackagedAssembly()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string version = typeof(torch).Assembly.GetName().Version!.ToString(fieldCount: 3);
        return Directory.EnumerateFiles(Path.Combine(packages, "torchsharp", version, "lib"), "TorchSharp.dll", SearchOption.AllDirectories)
            .First(path => path.Contains("net8", StringComparison.Ordinal) || path.Contains("net6", StringComparison.Ordinal));
    }
}
