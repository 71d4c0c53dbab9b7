using System.Collections.Immutable;
using Bench.Attention;
using Bench.Kernels;
using Bench.Numerics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>
/// The transformer that SEDD, MDLM, BD3-LM, GIDD and HDLM share, its AR variant without time, and that in the form of GPT-2; parameters are
/// named and laid out as in MDLM's checkpoints.
/// </summary>
public sealed class Ddit : Module, IDenoiser
{
    private readonly Embedding embedding;
    private readonly Embedding? learned; // positions; null where they are angles
    private readonly NoiseEmbedding? sigmaMap;
    private readonly DditBlock[] blocks;
    private readonly OutputLayer output;
    private readonly DecodeStepTables continuations;
    private Rotary? rotary;
    private (SequenceLayout? Layout, ScalarType Type, Tensor? AttentionBias) last;

    /// <summary>Makes the network with its first weights.</summary>
    /// <param name="shape">Size and variant.</param>
    /// <param name="stream">Draws of the first weights, addressed by parameter name; null where all of them are read from a file.</param>
    public Ddit(DditShape shape, RandomStream? stream)
        : base("ddit")
    {
        Shape = shape;
        var tensors = new DditTensors(shape);
        embedding = tensors.NewEmbedding("vocab_embed", stream);
        register_module("vocab_embed", embedding);
        learned = shape.IsOfGpt2 ? tensors.NewEmbedding("position_embed", stream) : null;
        if (learned is not null)
            register_module("position_embed", learned);
        continuations = new(Theta);
        if (shape.Modulated)
        {
            sigmaMap = new NoiseEmbedding("sigma_map", tensors, stream);
            register_module("sigma_map", sigmaMap);
        }

        blocks = [.. Enumerable.Range(0, shape.Blocks).Select(i => new DditBlock($"blocks.{i}", shape, tensors, stream))];
        register_module("blocks", new Group("blocks", blocks.Index().Select(block => ($"{block.Index}", (Module)block.Item))));
        output = new OutputLayer("output_layer", shape, tensors, embedding);
        register_module("output_layer", output);
    }

    /// <summary>Size and variant.</summary>
    public DditShape Shape { get; }

    /// <summary>
    /// The type that products are computed in; normalisation, residual stream, softmax of the loss and the weights stay in the parameters'
    /// type.
    /// </summary>
    public ScalarType ProductType { get; set; } = float32;

    /// <summary>Draws for dropout in the coming step; null in evaluation.</summary>
    public RandomStream? DropoutDraws { get; set; }

    /// <summary>The row of the batch that the first row of a call is, so that a micro-batch drops what the whole batch would.</summary>
    public int FirstRow { get; set; }

    /// <summary>Where the weights are.</summary>
    public Device Device => embedding.Table.device;

    /// <summary>
    /// Whether attention is one operator of libtorch, scaled_dot_product_attention, which on CUDA is flash attention where there is no
    /// mask or a causal one. On the CPU it is slower than products and a softmax.
    /// </summary>
    internal bool HasFusedAttention { get; set; }

    /// <summary>Moves the weights to a device.</summary>
    /// <returns>The network itself.</returns>
    public Ddit On(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU)
            return this;
        HasFusedAttention = true;
        return TorchSharp.ModuleExtensionMethods.to(this, device);
    }

    /// <inheritdoc/>
    public bool IsCaching => true;

    /// <inheritdoc/>
    public Tensor Logits(DenoiserInput input)
    {
        using var scope = NewDisposeScope();
        var (tokens, _, wanted, _) = input;
        if (input.Kept is var (step, cache))
        {
            var kept = WantedRows.Rounded(wanted, tokens);
            var (positions, attentionBias) = continuations.Of(step, Shape.HeadWidth, Tables(Type(input)), tokens.device);
            var (stream, condition) = Stream(input with { Wanted = kept }, positions, new(attentionBias, HasFusedAttention), cache);
            return WantedRows.First(wanted, output.Forward(stream, condition, kept, Type(input))).MoveToOuterDisposeScope();
        }

        // The gradient of taking the first rows of many logits is another array of their size.
        var rows = is_grad_enabled() ? wanted : WantedRows.Rounded(wanted, tokens);
        return WantedRows.First(wanted, Forward(input with { Wanted = rows })).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor NegativeLogLikelihood(DenoiserInput input, Tensor targets, long maskId)
    {
        using var scope = NewDisposeScope();
        var wanted = input.Wanted;
        if (input.Kept is not null)
            return Subs.NegativeLogLikelihood(Logits(input), targets, maskId).MoveToOuterDisposeScope();
        var rows = WantedRows.Rounded(wanted, input.Tokens);
        var asked = rows is null ? targets : WantedRows.Repeated(targets, rows.size(0));
        var nats = Run(input with { Wanted = rows }, afterBlock: null, (stream, condition) =>
            output.NegativeLogLikelihood(stream, condition, asked, maskId, rows, Type(input)));
        return WantedRows.First(wanted, nats).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor PerSlot(DenoiserInput input, Func<Tensor, int, Tensor> of)
    {
        var wanted = IDenoiser.WantedOf(input);
        using var scope = NewDisposeScope();
        if (is_grad_enabled() || input.Kept is not null || wanted.size(0) <= LogitBudget.Positions(Shape.TableRows))
            return of(Logits(input), 0).MoveToOuterDisposeScope();
        var rows = WantedRows.Rounded(wanted, input.Tokens);
        return Run(input with { Wanted = rows }, afterBlock: null, (stream, condition) =>
            output.PerSlot(stream, condition, rows, wanted.size(0), Type(input), of)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public KeyValueCache NewCache(int rows, int slots, Device device) =>
        new(Shape.Blocks, rows, Shape.Heads, slots, Shape.HeadWidth, Tables(Type()), device);

    /// <summary>What the network makes of each token before it answers: the residual stream behind the last block.</summary>
    /// <param name="tokens">[B, C] int64.</param>
    /// <param name="sigma">As in <see cref="DenoiserInput"/>.</param>
    /// <param name="layout">As in <see cref="DenoiserInput"/>.</param>
    /// <returns>[B, C, D]</returns>
    public Tensor Features(Tensor tokens, Tensor? sigma = null, SequenceLayout? layout = null)
    {
        using var scope = NewDisposeScope();
        var hidden = tokens;
        var first = zeros([1], int64, tokens.device); // one answer is the least that can be asked for
        Forward(new(tokens, sigma, first, layout), x => hidden = x.MoveToOuterDisposeScope());
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Copies weights in by name, as a public checkpoint holds them.</summary>
    /// <exception cref="ArgumentException">A parameter is missing or of another shape.</exception>
    public void Fill(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var recorded = no_grad();
        foreach (var (name, parameter) in named_parameters())
        {
            if (!weights.TryGetValue(name, out var weight) || !weight.shape.SequenceEqual(parameter.shape))
                throw new ArgumentException(
                    $"'{name}' should be [{string.Join(", ", parameter.shape)}], but is "
                        + $"{(weight is null ? "missing" : $"[{string.Join(", ", weight.shape)}]")}", nameof(weights));
            parameter.copy_(weight);
        }
    }

    /// <summary>As <see cref="IDenoiser.Logits"/>, showing the residual stream [B, L, D] after each block.</summary>
    internal Tensor Forward(DenoiserInput input, Action<Tensor>? afterBlock = null) =>
        Run(input, afterBlock, (stream, condition) => output.Forward(stream, condition, input.Wanted, Type(input)));

    private Tensor Run(DenoiserInput input, Action<Tensor>? afterBlock, Func<ResidualStream, Condition?, Tensor> answer)
    {
        using var scope = NewDisposeScope();
        var tokens = input.Tokens;
        var layout = input.Layout ?? SequenceLayout.Single((int)tokens.size(1), causal: false);
        if (layout.Slots != tokens.size(1) || (layout.Masks > 1 && layout.Masks != tokens.size(0)))
            throw new ArgumentException(
                $"a layout of {layout.Slots} slots and {layout.Masks} masks does not fit tokens [{tokens.size(0)}, {tokens.size(1)}]",
                nameof(input));
        bool isCausal = HasFusedAttention && layout == SequenceLayout.Single(layout.Slots, causal: true);
        var tables = Tables(Type(input));
        var mask = new AttentionMask(isCausal ? null : AttentionBias(layout, tables, tokens.device), HasFusedAttention, isCausal);
        var (stream, condition) = Stream(
            input, Positions(layout.Positions, layout.Slots, tables, tokens.device), mask, cache: null, afterBlock);
        return answer(stream, condition).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rotary?.Dispose();
            last.AttentionBias?.Dispose();
            continuations.Dispose();
        }

        base.Dispose(disposing);
    }

    // The residual stream behind the last block, in the caller's scope. Where only some slots are wanted, the last block computes those
    // alone; not with dropout, whose draws are addressed by slot.
    private (ResidualStream Stream, Condition? Condition) Stream(
        DenoiserInput input, Rotary positions, AttentionMask mask, KeyValueCache? cache, Action<Tensor>? afterBlock = null)
    {
        using var timed = OperatorProfile.Time("network");
        var (tokens, sigma, wanted, _) = input;
        // [B, L, D]
        var embedded = Shape.EmbeddingMix is { } gamma ? Mixed(tokens, sigma, gamma) : embedding.call(tokens);
        var stream = new ResidualStream(learned is null ? embedded : embedded + learned.At(positions.Positions, (int)tokens.size(1)));
        var condition = sigmaMap is null ? null : Embed(input);
        var dropout = new Dropout(training ? Shape.Dropout : 0, DropoutDraws, FirstRow);
        var few = afterBlock is null && !dropout.IsActive && wanted?.size(0) < tokens.size(0) * tokens.size(1) ? wanted : null;
        foreach (var (layer, block) in blocks.Index())
        {
            var read = stream;
            stream = block.Forward(read, condition, positions, mask, Type(input), dropout, cache?.Of(layer),
                layer == blocks.Length - 1 ? few : null);
            read.Release();
            afterBlock?.Invoke(stream.Sum());
        }

        return (stream, condition);
    }

    // A network in float64 (tests, exact comparisons) has no use for a lower type.
    private ScalarType Type(DenoiserInput? input = null) => embedding.Type == float64 ? float64 : input?.ProductType ?? ProductType;

    // The kernel of attention works in float32 whatever the products are in, with kept keys as without.
    private ScalarType Tables(ScalarType type) => FusedKernels.Supports(OwnKernels.Attention, embedding.Table, type) ? float32 : type;

    // σ as the noise embedding reads it; at full noise, which is infinite, it is far beyond what any schedule reaches elsewhere.
    private Tensor Conditioned(Tensor tokens, Tensor? sigma)
    {
        if (Shape.Conditioning == Conditioning.Constant)
            return zeros([tokens.size(0)], embedding.Type, tokens.device);
        var noise = Given(sigma);
        var read = Shape.Conditioning == Conditioning.Time ? noise.neg().expm1().neg() : noise.clamp(max: Shape.MostSigma);
        return read.to(embedding.Type);
    }

    private Tensor Mixed(Tensor tokens, Tensor? sigma, double gamma)
    {
        var keep = (Given(sigma) * -gamma).exp(); // 0 where σ is infinite
        return embedding.Mixed(tokens, keep.dim() == 1 ? keep.unsqueeze(1) : keep, Shape.Vocabulary - 1);
    }

    private static Tensor Given(Tensor? sigma) => sigma
        ?? throw new ArgumentNullException(nameof(sigma),
            "This network is conditioned on the noise level; give σ of each sequence, [B], or of each token, [B, L].");

    private Condition Embed(DenoiserInput input)
    {
        var (tokens, sigma, _, _) = input;
        // Few levels occur in a batch, and a table of what each does to a layer is cheaper than asking for every token.
        if (input.Levels is { } levels && Shape.Conditioning != Conditioning.Constant)
            return Table(Conditioned(tokens, tensor(levels.Distinct).On(tokens.device)), levels.Index);
        var read = Conditioned(tokens, sigma);
        if (read.dim() == 1)
            return new Condition(sigmaMap!.call(read), Index: null, tokens.size(1));
        var found = NoiseLevels.Of(read.to(float64).OnHost().data<double>().ToArray());
        return Table(tensor(found.Distinct).On(tokens.device).to(read.dtype), found.Index);

        Condition Table(Tensor distinct, long[] index) =>
            new(sigmaMap!.call(distinct), tensor(index).On(tokens.device), tokens.size(1));
    }

    private double? Theta => Shape.IsOfGpt2 ? null : Shape.RotaryBase;

    // Tables are kept between calls and made anew when positions or the type change.
    private Rotary Positions(ImmutableArray<int> positions, int slots, ScalarType type, Device device)
    {
        if (rotary is null || rotary.Type != type || !rotary.Positions.AsSpan().SequenceEqual(positions.AsSpan()))
        {
            rotary?.Dispose();
            rotary = new Rotary(positions, Shape.HeadWidth, type, device, slots, Theta);
        }

        return rotary;
    }

    // [1 or B, 1, L, L], 0 where a query may look and −∞ where it may not.
    private Tensor? AttentionBias(SequenceLayout layout, ScalarType type, Device device)
    {
        if (layout.IsFull)
            return null;
        if (last.Layout == layout && last.Type == type)
            return last.AttentionBias;
        last.AttentionBias?.Dispose();
        int area = layout.Slots * layout.Slots;
        var values = new float[layout.Masks * area]; // 0: seen
        for (int row = 0; row < layout.Masks; row++)
        {
            var mask = layout.Row(row).Mask;
            for (int pair = 0; mask is not null && pair < area; pair++)
                values[(row * area) + pair] = mask[pair] ? 0 : float.NegativeInfinity;
        }

        last = (layout, type, tensor(values, [layout.Masks, 1, layout.Slots, layout.Slots], type).On(device).DetachFromDisposeScope());
        return last.AttentionBias;
    }
}
