using System.Text.Json.Nodes;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Published;
using Bench.Results;

namespace Bench.Experiments.Definitions;

/// <summary>The weights that stand for a training, and what their file leaves open.</summary>
/// <param name="File">The checkpoint.</param>
/// <param name="Family">A name in <see cref="CheckpointFamily.All"/>; null where the file states it.</param>
/// <param name="Averages">Whether the EMA weights are taken, not the raw ones; null where the file holds one set.</param>
/// <param name="BlockSize">Positions that are denoised together, where the file does not state it.</param>
/// <param name="Heads">Attention heads, where the file does not state them.</param>
public sealed record CheckpointSource(CheckpointFile File, string? Family, bool? Averages, int? BlockSize, int? Heads)
{
    /// <summary>The method's name in tables and figures; null for that of its family.</summary>
    public string? Title { get; init; }

    /// <summary>The answers as the reader of checkpoints takes them.</summary>
    public CheckpointAnswers Answers => new(Family, BlockSize, Heads);
}

/// <summary>A checkpoint, known by its content wherever it lies.</summary>
/// <param name="Path">Its file or folder.</param>
/// <param name="Hash"><see cref="Checkpoint.Fingerprint"/>.</param>
public sealed record CheckpointFile(string Path, string Hash);

/// <summary>The keys under <c>source</c>.</summary>
internal static class SourceKeys
{
    public static readonly CheckpointSource Blank = new(new("", ""), null, null, null, null);

    public static readonly Key<CheckpointSource, CheckpointFile> File = new(
        "checkpoint", new CheckpointFileKind(), "The checkpoint.",
        source => source.File, (source, value) => source with { File = value });

    public static readonly Key<CheckpointSource, string> Family = new(
        "as",
        new Choice<string>("family", [.. CheckpointFamily.All.Select(family => KeyValuePair.Create(family.Name, family.Name))]),
        "Its family, where it does not state one.",
        source => source.Family, (source, value) => source with { Family = value });

    public static readonly Key<CheckpointSource, bool> Averages = new(
        "weights", new Choice<bool>("set of weights", [new("ema", true), new("raw", false)]),
        "Which weights are taken, where it holds two sets.",
        source => source.Averages, (source, value) => source with { Averages = value });

    public static readonly Key<CheckpointSource, int> BlockSize = new(
        "block-size", new Number<int>(new(1, 65_536), "it counts positions", "Use a number such as 16."),
        "Positions that are denoised together, where it does not state them.",
        source => source.BlockSize, (source, value) => source with { BlockSize = value });

    public static readonly Key<CheckpointSource, int> Heads = new(
        "heads", new Number<int>(new(1, 1024), "it counts attention heads", "Use 12 for the papers' small networks."),
        "Attention heads, where it does not state them.",
        source => source.Heads, (source, value) => source with { Heads = value });

    public static Section Section { get; } = new(
        File, Family, Averages, BlockSize, Heads,
        new Key<CheckpointSource, string>(
            "title", new Line(mayBeEmpty: false), "Names it in tables and figures; by default after its family.",
            source => source.Title, (source, value) => source with { Title = value }));
}

/// <summary>The path of a checkpoint.</summary>
internal sealed class CheckpointFileKind : Kind<CheckpointFile>
{
    private const string Hashed = "sha256 ";

    /// <inheritdoc/>
    public override string Expected =>
        "the path of a checkpoint (safetensors, torch.save, Lightning) or of its folder, or a name of docs/published.md";

    /// <inheritdoc/>
    public override JsonObject Schema() => new() { ["type"] = "string" };

    /// <inheritdoc/>
    public override JsonNode Write(CheckpointFile value) => JsonValue.Create(value.Path);

    /// <inheritdoc/>
    public override JsonNode Identity(CheckpointFile value) => JsonValue.Create(Hashed + value.Hash);

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out CheckpointFile value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = null!;
        if (WeightsPath.Of(scalar, report) is not { } file)
            return false;
        try
        {
            using var checkpoint = Checkpoint.Open(file);
            value = new(file, checkpoint.Fingerprint());
            return true;
        }
        catch (SuiteException refused)
        {
            report.Add(node, refused.Message.TrimEnd('.'), refused.Fix);
            return false;
        }
    }
}
