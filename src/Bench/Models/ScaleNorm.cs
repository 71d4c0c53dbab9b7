using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Models;

/// <summary>Layer normalisation with a scale and no shift, ε = 1e-5, in full precision.</summary>
public sealed class ScaleNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long[] width;

    /// <summary>Starts as plain normalisation.</summary>
    public ScaleNorm(string name, int width)
        : base(name)
    {
        this.width = [width];
        weight = Initial.Ones(width);
        register_parameter("weight", weight);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => functional.layer_norm(input, width, weight);
}
