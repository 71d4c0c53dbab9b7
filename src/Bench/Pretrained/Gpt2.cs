using System.Collections.Frozen;
using System.Runtime.InteropServices;
using Bench.Data.Safetensors;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Pretrained;

/// <summary>
/// GPT-2 (Radford et al. 2019): learned positions, normalisation before attention and MLP, GELU by tanh, and the embedding as output layer
/// unless the file holds another.
/// </summary>
public sealed class Gpt2 : ICausalNetwork
{
    private const double Epsilon = 1e-5;

    private readonly Gpt2Shape shape;
    private readonly FrozenDictionary<string, Tensor> weights;

    private Gpt2(Gpt2Shape shape, FrozenDictionary<string, Tensor> weights) => (this.shape, this.weights) = (shape, weights);

    /// <inheritdoc/>
    public int TokenCount => shape.TokenCount;

    /// <inheritdoc/>
    public int Context => shape.Positions;

    /// <inheritdoc/>
    public Tensor Output => weights[shape.OwnHead ? Gpt2Shape.Head : "wte.weight"];

    /// <summary>Reads the weights.</summary>
    /// <param name="file">Where they are.</param>
    /// <param name="shape">What the file holds, as <see cref="Gpt2Shape.Of"/> found.</param>
    /// <param name="device">Where they go; null for the CPU.</param>
    /// <param name="type">What is computed in.</param>
    public static Gpt2 Load(SafetensorsFile file, Gpt2Shape shape, Device? device = null, ScalarType type = ScalarType.Float32) =>
        new(shape,
            shape.Weights.ToFrozenDictionary(weight => weight.Name,
                weight => Read(file, file.Tensors[shape.InFile(weight.Name)], device ?? CPU, type)));

    /// <inheritdoc/>
    public Tensor Hidden(Tensor tokens)
    {
        using var recorded = no_grad();
        using var scope = NewDisposeScope();
        var (batch, length) = (tokens.size(0), tokens.size(1));
        var embedded = weights["wte.weight"].index_select(0, tokens.flatten()).view(batch, length, shape.Width);
        var x = embedded + weights["wpe.weight"].narrow(0, 0, length);                                             // [B, L, D]
        for (int i = 0; i < shape.Layers; i++)
        {
            using var block = NewDisposeScope();
            var attended = x + Attend(Norm(x, $"h.{i}.ln_1"), $"h.{i}.attn");
            // [B, L, 4D]
            var raised = functional.gelu(Map(Norm(attended, $"h.{i}.ln_2"), $"h.{i}.mlp.c_fc"), TorchSharp.Modules.GELU.Approximate.tanh);
            x = (attended + Map(raised, $"h.{i}.mlp.c_proj")).MoveToOuterDisposeScope();
        }
        return Norm(x, "ln_f").MoveToOuterDisposeScope();
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var weight in weights.Values)
            weight.Dispose();
    }

    private Tensor Attend(Tensor x, string name)
    {
        var parts = Map(x, $"{name}.c_attn").view(x.size(0), x.size(1), 3, shape.Heads, Gpt2Shape.HeadWidth).unbind(2); // 3 × [B, L, H, 64]
        return Map(CausalAttention.Mix(parts[0], parts[1], parts[2]), $"{name}.c_proj");
    }

    private Tensor Norm(Tensor x, string name) =>
        functional.layer_norm(x, [shape.Width], weights[$"{name}.weight"], weights[$"{name}.bias"], Epsilon);

    // x W + b: a Conv1D of width one.
    private Tensor Map(Tensor x, string name) => x.matmul(weights[$"{name}.weight"]) + weights[$"{name}.bias"];

    private static Tensor Read(SafetensorsFile file, SafetensorsEntry entry, Device device, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = empty([.. entry.Shape], float32);
        file.Read(entry, MemoryMarshal.Cast<byte, float>(values.bytes));
        return values.to(type).to(device).DetachFromDisposeScope();
    }
}
