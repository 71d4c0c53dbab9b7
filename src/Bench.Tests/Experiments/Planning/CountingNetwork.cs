using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Planning;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments.Planning;

/// <summary>A network that counts its positions, pairs and logits.</summary>
internal sealed class CountingNetwork(Ddit network) : IDenoiser
{
    /// <summary>All calls together.</summary>
    public Pass Asked { get; private set; }

    public bool IsCaching => true;

    public Tensor Logits(DenoiserInput input)
    {
        var (tokens, sigma, wanted, _) = input;
        double columns = tokens.numel();
        double pairs = columns * (input.Kept is var (step, _) ? step.Kept + step.Positions.Length : tokens.size(1));
        Note(columns, pairs, wanted?.numel() ?? columns, tokens.size(0), sigma);
        return network.Logits(input);
    }

    public KeyValueCache? NewCache(int rows, int columns, Device device) => network.NewCache(rows, columns, device);

    private void Note(double columns, double pairs, double asked, long rows, Tensor? sigma)
    {
        double conditioned = network.Shape.Conditioning switch
        {
            Conditioning.Absent => 0,
            Conditioning.Constant => rows,
            _ when sigma!.dim() == 1 => rows,
            _ => sigma.data<double>().ToArray().Distinct().Count(),
        };
        Asked += new Pass(columns, pairs, asked, conditioned);
    }
}
