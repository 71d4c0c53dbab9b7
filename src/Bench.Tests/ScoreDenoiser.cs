using Bench.Attention;
using Bench.Backbone;
using Bench.Noise;
using static TorchSharp.torch;

namespace Bench.Tests;

/// <summary>A network that gives the scores of another one's prediction; it must be given σ.</summary>
internal sealed class ScoreDenoiser(IDenoiser predicts, INoiseProcess process, bool scaledBySigma) : IDenoiser
{
    public Tensor Logits(DenoiserInput question)
    {
        var (tokens, sigma, wanted, layout) = question;
        using var scope = NewDisposeScope();
        var distributions = predicts.Logits(tokens, sigma, wanted, layout).to(float64);
        int size = (int)distributions.size(-1), tokenCount = size - 1;
        double[] pi = distributions.narrow(-1, 0, tokenCount).softmax(-1).flatten().data<double>().ToArray(),
            noise = sigma!.data<double>().ToArray();
        long[] x = tokens.data<long>().ToArray(), asked = wanted!.data<long>().ToArray();
        var outputs = new double[asked.Length * size];
        foreach (var (m, at) in asked.Index())
            Outputs(pi.AsSpan(m * tokenCount, tokenCount), noise[sigma.dim() == 1 ? at / tokens.size(1) : at], (int)x[at])
                .CopyTo(outputs.AsSpan(m * size));
        return tensor(outputs, [asked.Length, size]).MoveToOuterDisposeScope();
    }

    private double[] Outputs(ReadOnlySpan<double> pi, double sigma, int xt)
    {
        int tokenCount = pi.Length;
        // At infinite noise a masked token's scores are all zero; scaled, they are the prediction.
        if (double.IsInfinity(sigma))
            return [.. pi.ToArray().Select(p => Math.Log(p * tokenCount)), 0];
        double offset = scaledBySigma ? ScoreOutput.Offset(sigma, tokenCount) : 0;
        double[] outputs = [.. Scores.OfPrediction(pi, process.At(sigma), xt).Select(score => Math.Log(score) + offset)];
        outputs[xt] = 7; // ignored by samplers
        return outputs;
    }
}
