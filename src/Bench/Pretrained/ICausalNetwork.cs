using static TorchSharp.torch;

namespace Bench.Pretrained;

/// <summary>A pretrained network that predicts every token from those before it.</summary>
public interface ICausalNetwork : IDisposable
{
    /// <summary>V: the tokens it knows.</summary>
    int Words { get; }

    /// <summary>How many tokens it can read at once.</summary>
    int Context { get; }

    /// <summary>[V, D] what the last hidden state is multiplied by: logits = hidden · outputᵀ.</summary>
    Tensor Output { get; }

    /// <summary>The last hidden states, of which the i-th knows tokens 0 to i.</summary>
    /// <param name="tokens">[B, L] int64, L at most <see cref="Context"/>.</param>
    /// <returns>[B, L, D]</returns>
    Tensor Hidden(Tensor tokens);
}
