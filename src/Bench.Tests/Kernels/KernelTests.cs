using Bench.Kernels;
using Bench.Numerics;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Kernels;

/// <summary>What tests of kernels have in common: each instruction set that this machine has, and numbers to work on.</summary>
public abstract class KernelTests : IDisposable
{
    private ulong draws;

    public static TheoryData<string, ScalarType> Everywhere { get; } = new()
    {
        { "avx512bf16", float32 }, { "avx512bf16", bfloat16 }, { "avx512", float32 }, { "avx512", bfloat16 }, { "avx2", float32 },
        { "avx2", bfloat16 }, { "plain", float32 }, { "plain", bfloat16 },
    };

    /// <summary>The instruction set that is used by default.</summary>
    protected string Best { get; } = FusedKernels.InstructionSet;

    public void Dispose()
    {
        if (FusedKernels.AreBuilt) // some tests here need none
            FusedKernels.InstructionSet = Best;
        GC.SuppressFinalize(this);
    }

    protected static bool Choose(string set)
    {
        try
        {
            FusedKernels.InstructionSet = set;
            return true;
        }
        catch (ArgumentException) when (set != "plain")
        {
            return false; // this processor lacks it; plain C++ runs everywhere
        }
    }

    protected static Tensor Rotated(Tensor x, Tensor cosines, Tensor sines)
    {
        var halves = x.chunk(2, -1);
        return cat([(halves[0] * cosines) - (halves[1] * sines), (halves[1] * cosines) + (halves[0] * sines)], -1);
    }

    protected static Tensor Mask(int masks, int length)
    {
        float[] values = [..
            from mask in Enumerable.Range(0, masks) from query in Enumerable.Range(0, length) from key in Enumerable.Range(0, length)
                select Sees(mask, query, key) ? 0 : float.NegativeInfinity];
        return tensor(values, [masks, 1, length, length]);

        static bool Sees(int mask, int query, int key) => query == key || (mask == 0 ? key < query : (query * 7) + key < 60);
    }

    /// <summary>The same numbers once more.</summary>
    protected void Restart() => draws = 0;

    protected Tensor Uniform(params long[] shape)
    {
        var numbers = new double[shape.Aggregate(1L, (a, b) => a * b)];
        RandomStream.Root(1).Split(draws++).Fill(0, numbers);
        return tensor(Array.ConvertAll(numbers, x => (float)x), shape);
    }

    protected Tensor Leaf(ScalarType type, params long[] shape) => ((Uniform(shape) * 4) - 2).to(type).detach().requires_grad_();
}
