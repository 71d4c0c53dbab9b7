using System.Collections.Immutable;
using System.Globalization;
using Bench.Attention;
using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Results;

namespace Bench.Published;

/// <summary>Understands a checkpoint step by step; what is wrong is collected.</summary>
internal sealed class NetworkReading(Checkpoint checkpoint, CheckpointAnswers answers, ICollection<Problem> problems)
{
    private readonly CheckpointConfig config = checkpoint.Config;
    private readonly List<string> notes = [];

    private TableReading Tables => new(checkpoint, notes, Add);

    public PublishedNetwork? Network()
    {
        int before = problems.Count;
        if (NetworkTensors.Of(checkpoint) is not { } tensors)
        {
            Add($"holds no tensor {string.Join(" or ", TensorNames.All.Select(names => $"'{names.Tokens}'"))}",
                $"Networks of these families are read: {CheckpointFamily.Names}.");
            return null;
        }

        if (ExportedNetwork.IsIn(config))
            return Exported(tensors);
        var family = Family(answers.Family, tensors.Names);
        if (family is null)
        {
            // All that is open is asked for at once.
            if (tensors.Size("vocab_embed.embedding", 1) is > 0 and var width)
                Heads(tensors, width);
            return null;
        }

        if (Size(tensors, family) is not { } shape)
            return null;
        long rows = tensors.Size("vocab_embed.embedding", 0)!.Value;
        tensors.Check(family, shape, rows, Add);
        if (tensors.WrongBuffer() is { } wrong)
            Add(wrong, "Here they are rotary positions of base 10000, causal masks, the token table; a network with others is not read.");
        var noise = Noise(family);
        var averages = Averages(tensors);
        if (family.Note is { } note)
            notes.Add(note);
        if (family.FillsRows && shape.TableRows > shape.Vocabulary)
            notes.Add("its own code takes the softmax over all rows, filled-up ones included; here it is over the vocabulary");
        int? block = BlockSize(family), end = Tables.EndOfText(family, rows);
        if (problems.Count > before)
            return null;
        int? length = config.Integer("model_length", "model.length", "max_seq_len", "model.max_seq_len", "length")
            ?? shape.LearnedPositions;
        return new PublishedNetwork(family, shape, rows, tensors.ByName, averages)
        {
            Length = length,
            BlockSize = block,
            View = family.View(config, shape.Conditioning),
            Process = noise!.Value.Process,
            Schedule = noise.Value.Schedule,
            Hyperschedule = family.Hyperschedule(config, block),
            Path = family.Path(config, block, length),
            Lambda = config.Number("training.lambda") ?? 1,
            EndOfText = end,
            Ignored = [.. tensors.Own.Select(entry => entry.Key).Where(tensors.IsBuffer), .. tensors.Others],
            Notes = [.. notes],
        };
    }

    private (INoiseProcess Process, INoiseSchedule Schedule)? Noise(CheckpointFamily family)
    {
        try
        {
            if (family.Noise(config) is { } noise)
                return noise;
            Add($"states the noise schedule '{config.Text("noise.type")}', which is not supported",
                "Supported are loglinear, and geometric for SEDD.");
        }
        catch (ArgumentException error)
        {
            Add($"states a noise in {config.Source} that does not exist: {error.Message.ReplaceLineEndings(" ")}",
                "Correct the configuration.");
        }

        return null;
    }

    private PublishedNetwork? Exported(NetworkTensors tensors)
    {
        int before = problems.Count;
        if (answers.BlockSize is not null || answers.Heads is not null)
            Add($"was exported by the suite, and {config.Source} says all of it", "Leave --block-size and --heads out.");
        if (ExportedNetwork.Read(config) is not { } own)
        {
            Add($"has a section 'bench' in {config.Source} that cannot be read", "Export the run again.");
            return null;
        }

        if (answers.Family is { } named && named != own.Family.Name)
            Add($"states that it is {own.Family.Name}, and --as says {named}", "Leave --as out.");
        long rows = tensors.Size("vocab_embed.embedding", 0) ?? 0;
        if (rows != own.Shape.TableRows && rows != own.Shape.Vocabulary - 1)
            Add($"has token tables of {rows} rows, and {config.Source} states {own.Shape.TableRows}", "Export the run again.");
        if (own.Family.Tensors != tensors.Names)
            Add($"has '{tensors.Names.Tokens}', which {own.Family.Title} does not have", "Export the run again.");
        else
            tensors.Check(own.Family, own.Shape, rows, Add);
        int? end = Tables.EndOfText(own.Family, rows);
        return problems.Count > before ? null : new PublishedNetwork(own.Family, own.Shape, rows, tensors.ByName, averaged: null)
        {
            Length = own.Length, View = own.View, Own = own, Hyperschedule = own.Hyperschedule, Notes = [],
            EndOfText = end,
            Ignored = [.. tensors.Own.Select(entry => entry.Key).Where(tensors.IsBuffer), .. tensors.Others],
        };
    }

    private int? BlockSize(CheckpointFamily family)
    {
        int? stated = family.StatesBlocks ? config.Integer("block_size") : null;
        if (answers.BlockSize is not { } given || given == stated)
            return stated;
        if (stated is not null)
            Add($"states blocks of {stated} in {config.Source}, and --block-size says {given}", "Leave --block-size out.");
        else if (!family.StatesBlocks && !family.LeavesBlocksOpen)
            Add($"is understood as {family.Title}, which has no blocks, and --block-size says {given}", "Leave --block-size out.");
        return given;
    }

    private CheckpointFamily? Family(string? named, TensorNames names)
    {
        // Names that one family alone has state it.
        var stated = CheckpointFamily.Of(config, checkpoint.File, out string? unknown)
            ?? (unknown is null && CheckpointFamily.All.Where(family => family.Tensors == names).ToArray() is [var only] ? only : null);
        var asked = CheckpointFamily.Find(named);
        if (named is not null && asked is null)
            Add($"cannot be read as '{named}'",
                Spelling.Advice(named, [.. CheckpointFamily.All.Select(family => family.Name)], "families"));
        else if (unknown is not null)
            Add($"states {unknown} in {config.Source}, which is no family that is read", $"Families: {CheckpointFamily.Names}.");
        else if (stated is not null && asked is not null && stated != asked)
            Add($"states that it is {stated.Name}, and --as says {asked.Name}", $"Leave --as out, or correct {config.Source}.");
        else if (stated is null && asked is null)
            Add("does not state its family, and shapes do not tell families apart", $"Say --as and one of {CheckpointFamily.Names}.");
        else if ((asked ?? stated)!.Tensors is var expected && expected != names)
            Add($"is understood as {(asked ?? stated)!.Title}, and holds '{names.Tokens}' in the place of '{expected.Tokens}'",
                "Take the configuration that belongs to it.");
        else
            return asked ?? stated;
        return null;
    }

    private DditShape? Size(NetworkTensors tensors, CheckpointFamily family)
    {
        int before = problems.Count;
        var blocks = tensors.Blocks;
        if (tensors.Size("vocab_embed.embedding", 1) is not (> 0 and <= 1 << 16 and var width)
            || tensors.Size("vocab_embed.embedding", 0) is not (> 1 and <= 1 << 24 and var rows))
        {
            Add($"has '{tensors.Names.Tokens}' as {tensors.ByName["vocab_embed.embedding"]}, which should be [rows, width]",
                "Download it again.");
            return null;
        }

        int? positions = family.LearnsPositions ? Tables.Positions(tensors) : null;

        if (blocks.Count == 0 || blocks[^1] != blocks.Count - 1)
            Add($"has the blocks {(blocks.Count == 0 ? "none" : string.Join(", ", blocks))}, which should count from 0",
                "Download it again.");
        Tables.Agree("blocks", blocks.Count, "n_blocks", "model.n_blocks", "num_hidden_layers", "n_layer");
        Tables.Agree("width", width, "hidden_dim", "model.hidden_size", "hidden_size", "n_embd");
        long cond = tensors.Size("sigma_map.mlp.0.weight", 0) ?? 0;
        bool isModulated = family.Conditioning != Conditioning.Absent;
        if (cond > 0 != isModulated)
        {
            Add(isModulated
                ? $"lacks 'sigma_map.mlp.0.weight', and {family.Title} is noise-conditioned"
                : $"has 'sigma_map.mlp.0.weight', and {family.Title} is not noise-conditioned",
                "If this is another family, correct its configuration.");
        }

        if (isModulated)
            Tables.Agree("condition width", cond, "cond_dim", "model.cond_dim", "timestep_cond_dim");
        long? heads = Heads(tensors, width);
        int? vocabulary = Tables.Vocabulary(family, (int)rows);
        if (problems.Count > before || heads is null || vocabulary is null)
            return null;
        double gamma = family.MixesEmbeddings && config.Truth("model.hybrid_sigma_embedding") != false
            ? config.Number("graph.gamma") ?? 0
            : 0;
        bool padded = family.HasMask && rows > vocabulary;
        var conditioning =
            family.StatesConditioning && config.Truth("algo.time_conditioning", "time_conditioning") is { } timed
            ? timed ? Conditioning.Sigma : Conditioning.Constant : family.Conditioning;
        return new DditShape(
            vocabulary.Value, blocks.Count, (int)width, (int)heads, (int)Math.Max(1, cond), conditioning,
            ModulatedHead: !family.MixesEmbeddings, EmbeddingMix: gamma > 0 ? gamma : null, TableMultiple: padded ? 128 : 1,
            LearnedPositions: positions);
    }

    private long? Heads(NetworkTensors tensors, long width)
    {
        int? stated = config.Integer("n_heads", "model.n_heads", "num_attention_heads", "n_head");
        if (stated is not null && answers.Heads is { } given && given != stated)
            Add($"states {stated} heads in {config.Source}, and --heads says {given}", "Leave --heads out.");
        stated ??= answers.Heads;
        if (stated is { } number && (number < 1 || width % (2 * number) != 0))
            Add($"states {stated} heads in {config.Source}, and width {width} is no multiple of twice that",
                "Correct the number of heads.");
        else if (tensors.HeadWidth() is { } head
            && (head < 2 || head % 2 != 0 || width % head != 0 || (stated is not null && stated * head != width)))
            Add($"has rotary buffers for heads of {head}, and width {width} in "
                + $"{stated?.ToString(CultureInfo.InvariantCulture) ?? "such"} heads does not give that", "Correct the number of heads.");
        else if (stated is null && tensors.HeadWidth() is null)
            Add("states the number of heads nowhere: neither a configuration nor rotary buffers are there",
                "Put its config.json beside it, or say --heads.");
        else
            return stated ?? width / tensors.HeadWidth();
        return null;
    }

    // In the order of the file: position and shape have to agree, since many shapes occur more than once.
    private ImmutableDictionary<string, StoredTensor>? Averages(NetworkTensors tensors)
    {
        if (checkpoint.Averages.IsDefault)
            return null;
        KeyValuePair<string, StoredTensor>[] parameters = [.. tensors.Parameters];
        var averages = checkpoint.Averages;
        if (averages.Length < parameters.Length || averages.Skip(parameters.Length).Any(extra => extra.Count > 1))
        {
            Add($"has {averages.Length} EMA weights for {parameters.Length} parameters", "Download it again.");
            return null;
        }

        foreach (var (i, (name, stored)) in parameters.Index())
        {
            if (!averages[i].Shape.SequenceEqual(stored.Shape) || !averages[i].Type.IsReal)
                Add($"has {averages[i]} as EMA weight {i}, where '{name}' {stored} stands",
                    "The list has no names and must follow the order of the parameters.");
        }

        if (averages.Length > parameters.Length)
            notes.Add($"{averages.Length - parameters.Length} EMA weight(s) more at the end, of the noise schedule: ignored");
        return parameters.Index().ToImmutableDictionary(entry => entry.Item.Key, entry => averages[entry.Index], StringComparer.Ordinal);
    }

    private void Add(string what, string fix) => problems.Add(new(checkpoint.File, what, fix));
}
