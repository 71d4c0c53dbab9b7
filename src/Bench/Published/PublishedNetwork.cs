using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using Bench.Methods;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace Bench.Published;

/// <summary>What the user answers where a checkpoint leaves something open; what it states is never overruled.</summary>
/// <param name="Family">A name in <see cref="CheckpointFamily.All"/>.</param>
/// <param name="BlockSize">Positions that are denoised together.</param>
/// <param name="Heads">Attention heads.</param>
public sealed record CheckpointAnswers(string? Family = null, int? BlockSize = null, int? Heads = null);

/// <summary>What a checkpoint was understood as: a network of the suite, and the noise and objective that it was trained with.</summary>
public sealed class PublishedNetwork
{
    private readonly ImmutableDictionary<string, StoredTensor> raw;
    private readonly ImmutableDictionary<string, StoredTensor>? averaged;

    internal PublishedNetwork(
        CheckpointFamily family, DditShape shape, long rows, ImmutableDictionary<string, StoredTensor> raw,
        ImmutableDictionary<string, StoredTensor>? averaged)
    {
        (Family, Shape, Rows) = (family, shape, rows);
        (this.raw, this.averaged) = (raw, averaged);
    }

    /// <summary>The family.</summary>
    public CheckpointFamily Family { get; }

    /// <summary>The network of the suite. A family without mask gets a row for it, which no text reaches.</summary>
    public DditShape Shape { get; }

    /// <summary>Rows of the token tables in the file.</summary>
    public long Rows { get; }

    /// <summary>The mask token; null where the family has none.</summary>
    public int? MaskId => Family.HasMask ? Shape.Vocabulary - 1 : null;

    /// <summary>Length of the sequences in training; null where nothing states it.</summary>
    public int? Length { get; internal init; }

    /// <summary>Positions that are denoised together, in a family of blocks; null where nothing states it.</summary>
    public int? BlockSize { get; internal init; }

    /// <summary>Aligned or shifted, attention and conditioning.</summary>
    public required BackboneView View { get; init; }

    /// <summary>The noise process; null where <see cref="Own"/> has it.</summary>
    public INoiseProcess? Process { get; internal init; }

    /// <summary>The noise schedule; null where <see cref="Own"/> has it.</summary>
    public INoiseSchedule? Schedule { get; internal init; }

    /// <summary>What an export of the suite says of itself; null for the files of others.</summary>
    public ExportedNetwork? Own { get; internal init; }

    /// <summary>The hyperschedule, as its configuration names it.</summary>
    public required string Hyperschedule { get; init; }

    /// <summary>The same as a component; null where the file leaves its size open.</summary>
    public HyperscheduleChoice? Path { get; internal init; }

    /// <summary>λ, the weight of unmasked tokens in HDLM's cross-entropy.</summary>
    internal double Lambda { get; init; } = 1;

    /// <summary>The token that ends a text and stands in front of one, where the mask of the suite does; null where nothing does.</summary>
    public int? EndOfText { get; internal init; }

    /// <summary>Whether the file holds EMA weights beside the raw ones.</summary>
    public bool HasAverages => averaged is not null;

    /// <summary>Tensors that are no part of the network.</summary>
    public required ImmutableArray<string> Ignored { get; init; }

    /// <summary>What was assumed, and what was noticed.</summary>
    public required ImmutableArray<string> Notes { get; init; }

    /// <summary>Understands a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint, which stays open as long as weights are read.</param>
    /// <param name="named">The family as the user names it; null to take what the file states.</param>
    /// <param name="problems">Gets all that is wrong or left open.</param>
    /// <returns>Null where there are problems.</returns>
    public static PublishedNetwork? Of(Checkpoint checkpoint, string? named, ICollection<Problem> problems) =>
        Of(checkpoint, new CheckpointAnswers(named), problems);

    /// <summary>The same, with all that the user answers.</summary>
    public static PublishedNetwork? Of(Checkpoint checkpoint, CheckpointAnswers answers, ICollection<Problem> problems) =>
        new NetworkReading(checkpoint, answers, problems).Network();

    /// <summary>Makes the network.</summary>
    /// <param name="averages">Whether it gets the EMA weights of the file, not the raw ones.</param>
    /// <param name="type">Type of its parameters.</param>
    /// <exception cref="SuiteException">There are no such weights, or they are damaged or not finite.</exception>
    public Ddit Load(bool averages, ScalarType type = ScalarType.Float32) => Load(averages, Shape, type);

    /// <summary>The same, as a variant of the shape that has the same parameters.</summary>
    public Ddit Load(bool averages, DditShape shape, ScalarType type = ScalarType.Float32)
    {
        var weights = !averages ? raw : averaged
            ?? throw new SuiteException("The checkpoint holds no EMA weights beside its weights", "Take the weights that it holds.");
        using var recorded = no_grad();
        var network = new Ddit(shape, stream: null);
        try
        {
            network.to(type);
            foreach (var (name, parameter) in network.named_parameters())
                Fill(name, parameter, weights[name]);
            network.eval();
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private void Fill(string name, Tensor parameter, StoredTensor stored)
    {
        using var scope = NewDisposeScope();
        long rows = stored.Shape[0];
        var weight = parameter.narrow(0, 0, rows);
        stored.ReadInto(weight);
        if (!IsFinite(weight.flatten()))
            throw new SuiteException($"The weight '{name}' holds numbers that are not finite",
                "Download the file again; if it stays so, its training diverged.");
        // The row of a mask that the family does not have.
        if (parameter.size(0) > rows && EndOfText is { } token)
            parameter.narrow(0, rows, parameter.size(0) - rows).copy_(parameter.narrow(0, token, 1));
        else if (parameter.size(0) > rows)
            parameter.narrow(0, rows, parameter.size(0) - rows).zero_();
    }

    // In pieces, since the operator makes a copy, and the largest weights are a fifth of a network.
    private static bool IsFinite(Tensor flat)
    {
        const long AtOnce = 1 << 20;
        for (long first = 0; first < flat.size(0); first += AtOnce)
        {
            using var scope = NewDisposeScope();
            if (!flat.narrow(0, first, Math.Min(AtOnce, flat.size(0) - first)).isfinite().all().item<bool>())
                return false;
        }

        return true;
    }
}
