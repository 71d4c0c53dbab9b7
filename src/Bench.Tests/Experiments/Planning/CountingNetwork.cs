using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Planning;
using static TorchSharp.torch;

namespace Bench.Tests.Experiments.Planning;

/// <summary>A network that notes what it is asked.</summary>
internal sealed class CountingNetwork(Ddit network) : ICachingDenoiser
{
    /// <summary>All calls together.</summary>
    public Pass Asked { get; private set; }

    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor? wanted = null, SequenceLayout? layout = null)
    {
        double columns = tokens.numel();
        Note(columns, columns * tokens.size(1), wanted?.numel() ?? tokens.numel(), tokens.size(0), sigma);
        return network.Logits(tokens, sigma, wanted, layout);
    }

    public KeyValueCache Cache(int rows, int columns, Device device) => network.Cache(rows, columns, device);

    public Tensor Logits(Tensor tokens, Tensor? sigma, Tensor wanted, DecodeStep columns, KeyValueCache cache)
    {
        Note(tokens.numel(), tokens.numel() * (double)(columns.Kept + columns.Positions.Length), wanted.numel(), tokens.size(0), sigma);
        return network.Logits(tokens, sigma, wanted, columns, cache);
    }

    private void Note(double columns, double pairs, double asked, long rows, Tensor? sigma)
    {
        double told = network.Shape.Conditioning switch
        {
            Conditioning.Absent => 0,
            Conditioning.Constant => rows,
            _ when sigma!.dim() == 1 => rows,
            _ => sigma.data<double>().ToArray().Distinct().Count(),
        };
        Asked += new Pass(columns, pairs, asked, told);
    }
}
