using System.Text.Json;
using Bench.Results;
using Bench.Results.Files;

namespace Bench.Published;

/// <summary>What the rows of a network's tables are: tokens, a mask, positions. What is wrong is collected.</summary>
/// <param name="checkpoint">The checkpoint.</param>
/// <param name="notes">Takes what was assumed, and what was noticed.</param>
/// <param name="add">Takes what is wrong, and what to do.</param>
internal sealed class TableReading(Checkpoint checkpoint, ICollection<string> notes, Action<string, string> add)
{
    private const int UsualHead = 64; // of every released GPT-2

    private readonly CheckpointConfig config = checkpoint.Config;

    /// <summary>The tokens of the suite's vocabulary and the mask, which is its last.</summary>
    public int? Vocabulary(CheckpointFamily family, int rows)
    {
        if (config.Integer("vocab_size") is { } stated && stated != rows)
            add($"states a vocabulary of {stated} in {config.Source}, and its tables have {rows} rows",
                "Take the configuration that belongs to it.");
        if (config.Integer("tokenizer.tokens", "tokens") is { } tokens && tokens + (family.HasMask ? 1 : 0) != rows)
            add($"states {tokens} tokens in {config.Source}, and its tables have {rows} rows",
                "Take the configuration that belongs to it.");
        if (config.Text("data.tokenizer_name_or_path", "data.tokenizer_name") is { } tokenizer && family.HasMask
            && (tokenizer.StartsWith("bert", StringComparison.Ordinal) || tokenizer == "text8"))
            add($"uses the tokenizer {tokenizer}, whose mask token is not the last of the vocabulary",
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
            add($"has {rows} rows, and its tokenizer's [MASK] is {mask}", "Take the tokenizer files that belong to it.");
        }
        else if (rows % 128 == 0)
        {
            add($"has tables of {rows} rows, filled up to a multiple of 128, and no tokenizer file says which is [MASK]",
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

    /// <summary>Learned positions of a GPT-2, whose configuration may say what the network here is not.</summary>
    public int? Positions(NetworkTensors tensors)
    {
        foreach (var (key, expected) in new[] { ("activation_function", "gelu_new"), ("scale_attn_weights", "true"),
            ("scale_attn_by_inverse_layer_idx", "false"), ("add_cross_attention", "false"), ("tie_word_embeddings", "true") })
        {
            if (config.Text(key) is { } stated && !stated.Equals(expected, StringComparison.OrdinalIgnoreCase))
                add($"states {key} {stated} in {config.Source}, and what is read has {expected}", "Such networks are not read.");
        }

        if (config.Number("layer_norm_epsilon") is { } epsilon && Math.Abs(epsilon - 1e-5) > 1e-9)
            add($"states layer_norm_epsilon {epsilon} in {config.Source}, and what is read has 1e-5", "Such networks are not read.");
        if (tensors.Size("position_embed.embedding", 0) is not (> 0 and <= 1 << 16 and var positions))
        {
            add("lacks 'wpe.weight' [positions, width]", "Download it again; strict loading is the only one here.");
            return null;
        }

        Agree("positions", positions, "n_positions");
        if (config.Integer("n_head") is > 0 and var heads && tensors.Size("vocab_embed.embedding", 1) is var width
            && width != heads * UsualHead)
            notes.Add($"{heads} heads of {width / heads}; those of the released GPT-2 are {UsualHead} wide, and weights do not show it");
        return (int)positions;
    }

    /// <summary>The token that stands in front of a text, whose embedding the row of the mask gets; null where none does.</summary>
    public int? EndOfText(CheckpointFamily family, long rows)
    {
        if (!family.LearnsPositions)
            return null;
        int token = config.Integer("bos_token_id", "eos_token_id") ?? (int)rows - 1;
        if (token < 0 || token >= rows)
            add($"states bos_token_id {token} in {config.Source}, and its table has {rows} rows",
                "Take the configuration that belongs to it.");
        return token;
    }

    /// <summary>Whether the configuration states the number that its tensors have, if it states one.</summary>
    public void Agree(string what, long found, params ReadOnlySpan<string> keys)
    {
        if (config.Integer(keys) is { } stated && stated != found)
            add($"states {what} {stated} in {config.Source}, and its tensors have {found}", "Take the configuration that belongs to it.");
    }
}
