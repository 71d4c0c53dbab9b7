using System.Collections.Immutable;
using Bench.Attention;
using Bench.Numerics;

namespace Bench.Backbone;

/// <summary>The size of a backbone and what distinguishes its variants (reference: DDiT of SEDD and MDLM).</summary>
/// <param name="Vocabulary">V, the mask included.</param>
/// <param name="Blocks">Transformer blocks.</param>
/// <param name="Width">d, a multiple of twice the heads: rotary positions pair dimensions.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ConditionWidth">Width of the noise embedding.</param>
/// <param name="Conditioning">What the backbone learns of the noise level.</param>
/// <param name="Dropout">Share of each branch's output that training drops.</param>
/// <param name="ModulatedHead">Whether the noise embedding modulates the vocabulary head, too; not so in HDLM (arXiv 2504.06416).</param>
/// <param name="EmbeddingMix">
/// γ: a token enters as e^{−γσ} of its own embedding and the rest of the mask's, token number V − 1 (HDLM, gamma family); null for its own
/// alone.
/// </param>
/// <param name="TableMultiple">
/// The token tables are filled up to a multiple of so many rows, which are never read (128 in GIDD's checkpoints, arXiv 2503.04482).
/// </param>
/// <param name="MostSigma">The network is given at most so much of σ, which is infinite at full noise.</param>
/// <param name="LearnedPositions">
/// The form of GPT-2 (Radford et al. 2019): a table of so many learned positions in the place of rotary angles, biases in normalisations
/// and attention, and the token table as vocabulary head; null for the form of DDiT.
/// </param>
public sealed record DditShape(
    int Vocabulary, int Blocks, int Width, int Heads, int ConditionWidth, Conditioning Conditioning, double Dropout = 0,
    bool ModulatedHead = true, double? EmbeddingMix = null, int TableMultiple = 1,
    double MostSigma = DditShape.UsualMostSigma, int? LearnedPositions = null)
{
    /// <summary>That of RoFormer (Su et al., arXiv 2104.09864), and of all published networks here.</summary>
    public const double UsualRotaryBase = 10_000;

    /// <summary>
    /// θ of the rotary positions, whose wavelengths reach from 2π to almost 2πθ positions. A small head has few of them: with 16
    /// dimensions and θ = 10,000 three of eight wavelengths are within a sequence of 128, with θ = 100 six.
    /// </summary>
    public double RotaryBase
    {
        get;
        init => field = Require.Within(value, 1, 1e9, nameof(RotaryBase));
    } = UsualRotaryBase;

    /// <summary>Far beyond what a schedule reaches before full noise.</summary>
    public const double UsualMostSigma = 50;

    /// <inheritdoc cref="DditShape" path="/param[@name='MostSigma']"/>
    public double MostSigma { get; init => field = Require.Positive(value, nameof(MostSigma)); } = Require.Positive(MostSigma);

    /// <inheritdoc cref="DditShape" path="/param[@name='Vocabulary']"/>
    public int Vocabulary { get; init => field = Require.Positive(value, nameof(Vocabulary)); } = Require.Positive(Vocabulary);

    /// <inheritdoc cref="DditShape" path="/param[@name='Heads']"/>
    public int Heads { get; } = Require.Positive(Heads);

    /// <inheritdoc cref="DditShape" path="/param[@name='ConditionWidth']"/>
    public int ConditionWidth { get; init => field = Require.Positive(value, nameof(ConditionWidth)); } = Require.Positive(ConditionWidth);

    /// <inheritdoc cref="DditShape" path="/param[@name='TableMultiple']"/>
    public int TableMultiple { get; init => field = Require.Positive(value, nameof(TableMultiple)); } = Require.Positive(TableMultiple);

    /// <inheritdoc cref="DditShape" path="/param[@name='Width']"/>
    public int Width { get; } = Width % (2 * Require.Positive(Heads)) == 0
        ? Require.Positive(Width)
        : throw new ArgumentOutOfRangeException(nameof(Width), Width,
            $"Width is {Width}, but it must be a multiple of {2 * Heads}, twice the heads: rotary positions pair a head's dimensions");

    /// <inheritdoc cref="DditShape" path="/param[@name='Blocks']"/>
    public int Blocks { get; init => field = Require.Positive(value); } = Require.Positive(Blocks);

    /// <inheritdoc cref="DditShape" path="/param[@name='Dropout']"/>
    public double Dropout { get; init => field = Require.Within(value, 0, 0.9); } = Require.Within(Dropout, 0, 0.9);

    /// <inheritdoc cref="DditShape" path="/param[@name='EmbeddingMix']"/>
    public double? EmbeddingMix { get; init => field = Mix(value); } = Mix(EmbeddingMix);

    /// <inheritdoc cref="DditShape" path="/param[@name='LearnedPositions']"/>
    public int? LearnedPositions { get; init => field = Known(value); } = Known(LearnedPositions);

    /// <summary>Whether normalisations and the attention's linear maps have biases, and the vocabulary head is the token table.</summary>
    internal bool IsOfGpt2 => LearnedPositions is not null;

    /// <summary>Whether blocks are modulated by a noise embedding.</summary>
    public bool Modulated => Conditioning != Conditioning.Absent;

    /// <summary>Rows of the token tables: <see cref="Vocabulary"/>, filled up.</summary>
    public int TableRows => (Vocabulary + TableMultiple - 1) / TableMultiple * TableMultiple;

    /// <summary>Dimensions of one head.</summary>
    public int HeadWidth => Width / Heads;

    /// <summary>Trained numbers.</summary>
    public long Parameters => new DditTensors(this).All.Sum(tensor => tensor.Value.Aggregate(1L, (product, size) => product * size));

    private static int? Known(int? positions) => positions is { } count ? Require.Positive(count) : null;

    private static double? Mix(double? gamma) => gamma is { } value ? Require.Positive(value) : null;
}

/// <summary>
/// Names and sizes of all parameters of a <see cref="Ddit"/>, as in MDLM's checkpoints. Its layers are made by them, so that a parameter
/// that is not here cannot be made.
/// </summary>
internal sealed class DditTensors
{
    private readonly OrderedDictionary<string, ImmutableArray<long>> all = new(StringComparer.Ordinal);

    /// <summary>Those of a network.</summary>
    /// <param name="shape">Its size.</param>
    /// <param name="rows">Rows of the token tables, where they are not those of the shape.</param>
    public DditTensors(DditShape shape, long? rows = null)
    {
        long d = shape.Width, c = shape.ConditionWidth, vocabulary = rows ?? shape.TableRows;
        all.Add("vocab_embed.embedding", [vocabulary, d]);
        if (shape.LearnedPositions is { } positions)
            all.Add("position_embed.embedding", [positions, d]);
        if (shape.Modulated)
        {
            Affine("sigma_map.mlp.0", NoiseEmbedding.Frequencies, c);
            Affine("sigma_map.mlp.2", c, c);
        }

        for (int i = 0; i < shape.Blocks; i++)
        {
            Norm($"blocks.{i}.norm1");
            Linear($"blocks.{i}.attn_qkv", d, 3 * d, shape.IsOfGpt2);
            Linear($"blocks.{i}.attn_out", d, d, shape.IsOfGpt2);
            Norm($"blocks.{i}.norm2");
            Affine($"blocks.{i}.mlp.0", d, 4 * d);
            Affine($"blocks.{i}.mlp.2", 4 * d, d);
            if (shape.Modulated)
                Affine($"blocks.{i}.adaLN_modulation", c, 6 * d); // shift, scale and gate, of the attention and of the MLP
        }

        Norm("output_layer.norm_final");
        if (!shape.IsOfGpt2)
            Affine("output_layer.linear", d, vocabulary);
        if (shape.Modulated && shape.ModulatedHead)
            Affine("output_layer.adaLN_modulation", c, 2 * d);

        void Norm(string path)
        {
            all.Add($"{path}.weight", [d]);
            if (shape.IsOfGpt2)
                all.Add($"{path}.bias", [d]);
        }

        void Affine(string path, long inputs, long outputs) => Linear(path, inputs, outputs, hasBias: true);

        void Linear(string path, long inputs, long outputs, bool hasBias)
        {
            all.Add($"{path}.weight", [outputs, inputs]);
            if (hasBias)
                all.Add($"{path}.bias", [outputs]);
        }
    }

    /// <summary>Sizes by full name, from the tokens on.</summary>
    public IReadOnlyDictionary<string, ImmutableArray<long>> All => all;

    /// <summary>Makes a table of tokens or of positions.</summary>
    public Embedding NewEmbedding(string path, RandomStream? stream)
    {
        var sizes = all[$"{path}.embedding"];
        return new Embedding(path, (int)sizes[0], (int)sizes[1], stream);
    }

    /// <summary>Makes a normalisation.</summary>
    public ScaleNorm NewNorm(string path) => new(path, (int)all[$"{path}.weight"][0], all.ContainsKey($"{path}.bias"));

    /// <summary>Makes a linear layer.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="stream">Draws of its first weights; null for zeros.</param>
    public Affine NewAffine(string path, RandomStream? stream)
    {
        var sizes = all[$"{path}.weight"];
        return new Affine(path, (int)sizes[1], (int)sizes[0], stream, all.ContainsKey($"{path}.bias"));
    }
}
