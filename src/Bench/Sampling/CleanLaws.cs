using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Bench.Sampling;

/// <summary>Logits read as laws of the clean word (SUBS, arXiv 2406.07524, section 3.2.3): normalised over words, 0 for the mask; in float64, whatever the network computes in.</summary>
internal static class CleanLaws
{
    /// <summary>A softmax of each row.</summary>
    /// <param name="logits">[M, V]; the mask is the last.</param>
    /// <returns>[M·V]</returns>
    public static double[] Of(Tensor logits)
    {
        int size = (int)logits.size(-1);
        double[] laws = Numbers(logits);
        for (int first = 0; first < laws.Length; first += size)
        {
            var law = laws.AsSpan(first, size - 1);
            TensorPrimitives.Subtract(law, TensorPrimitives.Max(law), law);
            TensorPrimitives.Exp(law, law);
            TensorPrimitives.Divide(law, TensorPrimitives.Sum(law), law);
            laws[first + size - 1] = 0;
        }

        return laws;
    }

    /// <summary>The elements of a tensor; few of them travel where the network computes in less than float64.</summary>
    public static double[] Numbers(Tensor outputs)
    {
        using var scope = NewDisposeScope();
        if (outputs.dtype == float64)
            return outputs.data<double>().ToArray();
        float[] read = outputs.to(float32).data<float>().ToArray();
        double[] numbers = GC.AllocateUninitializedArray<double>(read.Length);
        TensorPrimitives.ConvertChecked<float, double>(read, numbers);
        return numbers;
    }
}
