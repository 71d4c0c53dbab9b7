using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Bench.Attention;
using Bench.Backbone;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Published;

/// <summary>Understands a checkpoint step by step; what is wrong is collected.</summary>
internal sealed class NetworkReading(Checkpoint checkpoint, CheckpointAnswers answers, ICollection<Problem> problems)
{
    private readonly CheckpointConfig config = checkpoint.Config;
    private readonly List<string> notes = [];

    public PublishedNetwork? Network()
    {
        int before = problems.Count;
        if (NetworkTensors.Of(checkpoint) is not { } tensors)
        {
            bool isGpt = checkpoint.Tensors.Any(entry => entry.Key is "wte.weight" or "transformer.wte.weight");
            Add(isGpt ? "holds a GPT-2, which is no network of these families" : "holds no tensor 'vocab_embed.embedding'",
                isGpt
                    ? "GPT-2 serves as a scorer of samples; see docs/metrics.md."
                    : $"Networks of these families are read: {CheckpointFamily.Names}.");
            return null;
        }

        if (ExportedNetwork.IsIn(config))
            return Exported(tensors);
        var family = Family(answers.Family);
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
            Add(wrong, "The network here computes rotary positions of base 10000; a network with others cannot be read.");
        var noise = Noise(family);
        var averages = Averages(tensors);
        if (family.Note is { } note)
            notes.Add(note);
        if (family.FillsRows && shape.TableRows > shape.Vocabulary)
            notes.Add("its own code takes the softmax over all rows, filled-up ones included; here it is over the vocabulary");
        int? block = BlockSize(family);
        if (problems.Count > before)
            return null;
        int? length = config.Integer("model_length", "model.length", "max_seq_len", "model.max_seq_len", "length");
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
            Ignored = [.. tensors.Own.Select(entry => entry.Key).Where(NetworkTensors.IsBuffer), .. tensors.Others],
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
        tensors.Check(own.Family, own.Shape, rows, Add);
        return problems.Count > before ? null : new PublishedNetwork(own.Family, own.Shape, rows, tensors.ByName, averaged: null)
        {
            Length = own.Length, View = own.View, Own = own, Hyperschedule = own.Hyperschedule, Notes = [],
            Ignored = [.. tensors.Own.Select(entry => entry.Key).Where(NetworkTensors.IsBuffer), .. tensors.Others],
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

    private CheckpointFamily? Family(string? named)
    {
        var stated = CheckpointFamily.Of(config, checkpoint.File, out string? unknown);
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
            Add($"has 'vocab_embed.embedding' as {tensors.ByName["vocab_embed.embedding"]}, which should be [rows, width]",
                "Download it again.");
            return null;
        }

        if (blocks.Count == 0 || blocks[^1] != blocks.Count - 1)
            Add($"has the blocks {(blocks.Count == 0 ? "none" : string.Join(", ", blocks))}, which should count from 0",
                "Download it again.");
        Agree("blocks", blocks.Count, "n_blocks", "model.n_blocks", "num_hidden_layers");
        Agree("width", width, "hidden_dim", "model.hidden_size", "hidden_size");
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
            Agree("condition width", cond, "cond_dim", "model.cond_dim", "timestep_cond_dim");
        long? heads = Heads(tensors, width);
        int? vocabulary = Vocabulary(family, (int)rows);
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
            ModulatedHead: !family.MixesEmbeddings, EmbeddingMix: gamma > 0 ? gamma : null, TableMultiple: padded ? 128 : 1);
    }

    private long? Heads(NetworkTensors tensors, long width)
    {
        int? stated = config.Integer("n_heads", "model.n_heads", "num_attention_heads");
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

    // The tokens of the suite's vocabulary and the mask, which is its last.
    private int? Vocabulary(CheckpointFamily family, int rows)
    {
        if (config.Integer("vocab_size") is { } stated && stated != rows)
            Add($"states a vocabulary of {stated} in {config.Source}, and its tables have {rows} rows",
                "Take the configuration that belongs to it.");
        if (config.Integer("tokenizer.tokens", "tokens") is { } tokens && tokens + (family.HasMask ? 1 : 0) != rows)
            Add($"states {tokens} tokens in {config.Source}, and its tables have {rows} rows",
                "Take the configuration that belongs to it.");
        if (config.Text("data.tokenizer_name_or_path", "data.tokenizer_name") is { } tokenizer && family.HasMask
            && (tokenizer.StartsWith("bert", StringComparison.Ordinal) || tokenizer == "text8"))
            Add($"uses the tokenizer {tokenizer}, whose mask token is not the last of the vocabulary",
                "Such vocabularies are not read yet; networks of GPT-2's are.");
        if (!family.HasMask)
            return rows + 1;
        if (!family.FillsRows)
            return rows;
        if (TokenizerMask() is { } mask)
        {
            int filled = (mask + 1 + 127) / 128 * 128;
            if (rows == mask + 1 || rows == filled)
                return mask + 1;
            Add($"has {rows} rows, and its tokenizer's [MASK] is {mask}", "Take the tokenizer files that belong to it.");
        }
        else if (rows % 128 == 0)
        {
            Add($"has tables of {rows} rows, filled up to a multiple of 128, and no tokenizer file says which is [MASK]",
                "Put its added_tokens.json beside it.");
        }
        else
        {
            notes.Add($"no tokenizer file: the last row, {rows - 1}, is taken for [MASK]");
        }

        return rows;
    }

    private int? TokenizerMask()
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(checkpoint.File))!, "added_tokens.json");
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadText(path, 1 << 22));
            return document.RootElement.TryGetProperty("[MASK]", out var id) ? id.GetInt32() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new SuiteException($"{path} cannot be read: {error.Message}", "Download it again.", error);
        }
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

    private void Agree(string what, long found, params ReadOnlySpan<string> keys)
    {
        if (config.Integer(keys) is { } stated && stated != found)
            Add($"states {what} {stated} in {config.Source}, and its tensors have {found}", "Take the configuration that belongs to it.");
    }

    private void Add(string what, string fix) => problems.Add(new(checkpoint.File, what, fix));
}
