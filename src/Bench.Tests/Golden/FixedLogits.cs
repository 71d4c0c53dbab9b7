using Bench.Attention;
using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>A denoiser that says the same whatever it sees.</summary>
internal sealed class FixedLogits : IDenoiser
{
    private readonly Tensor logits; // [B, L, V]

    public FixedLogits(Tensor logits) => this.logits = logits;

    /// <summary>Logits without an entry for the mask get one.</summary>
    public FixedLogits(Tensor logits, int maskId)
        : this(logits.size(-1) > maskId ? logits : cat([logits, zeros_like(logits.narrow(-1, 0, 1))], -1))
    {
    }

    public Tensor Logits(DenoiserInput asked) =>
        asked.Wanted is null ? logits.alias() : logits.flatten(0, 1).index_select(0, asked.Wanted);
}
