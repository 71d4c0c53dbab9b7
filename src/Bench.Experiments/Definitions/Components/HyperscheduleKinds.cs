using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Hyperschedules;
using Bench.Methods;
using Bench.Results;

namespace Bench.Experiments.Definitions.Components;

/// <summary>The hyperschedules by name. A new one is one more row.</summary>
internal static class HyperscheduleKinds
{
    private static readonly Key<int> Width = Count("width", "positions", "Positions that are active together.", IsRequired: true);
    private static readonly Key<int> Rate = Count(
        "rate", "positions", "Positions that settle in a step; it divides the width.", IsRequired: true);
    private static readonly Key<int> Group = Count("group", "positions", "Positions that share their level.", IsRequired: true);
    private static readonly Key<int> Stagger = Count(
        "stagger", "steps", "Steps that a group is behind the one before; at most the depth.", IsRequired: true);
    private static readonly Key<int> Depth = Count("depth", "levels", "Levels from pure noise to settled.", IsRequired: true);
    private static readonly Key<int> AskedDepth = Count(
        "depth", "levels", "Levels from pure noise to settled; by default as many as steps are asked for.", IsRequired: false);
    private static readonly Key<int> BlockDepth = Count(
        "depth",
        "levels",
        "Levels from pure noise to settled; by default those that make about the steps that are asked for.",
        IsRequired: false);
    private static readonly Key<int> SlideDepth = Count(
        "depth", "levels", "Levels from pure noise to settled; by default as many as positions.", IsRequired: false);
    private static readonly Key<ImmutableArray<ImmutableArray<int>>> Levels = new(
        "levels", new LevelRows(), "From pure noise in the first row to settled in the last.", IsRequired: true);

    public static ComponentKind<HyperscheduleChoice> All { get; } = new("hyperschedule",
    [
        Row("flat", "All positions together: SEDD, MDLM.", new(AskedDepth), values => HyperscheduleChoice.Flat(Asked(values, AskedDepth))),
        Row("autoregressive", "One position a step, at once: GPT.", new(), _ => HyperscheduleChoice.Autoregressive()),
        Row(
            "block",
            "Blocks, one after the other: BD3-LM.",
            new(Width, BlockDepth),
            values => HyperscheduleChoice.Block(values.Get(Width), Asked(values, BlockDepth))),
        Row(
            "slide",
            "A window that moves right.",
            new(Width, Rate),
            values => HyperscheduleChoice.Slide(values.Get(Width), values.Get(Rate))),
        Row(
            "block-slide",
            "Blocks, one after the other, each with a front that moves right.",
            new(Width, SlideDepth),
            values => HyperscheduleChoice.BlockSlide(values.Get(Width), Asked(values, SlideDepth))),
        Row(
            "ramp",
            "The general form: groups, each some steps behind the one before.",
            new(Group, Stagger, Depth),
            values => HyperscheduleChoice.Ramp(values.Get(Group), values.Get(Stagger), values.Get(Depth))),
        Row(
            "independent",
            "Every position at a level of its own, for diffusion-forcing.",
            new(AskedDepth),
            values => HyperscheduleChoice.Independent(Asked(values, AskedDepth))),
        Row(
            "table",
            "Levels written out; bench schedule --csv writes those of the others.",
            new(Levels),
            values => HyperscheduleChoice.Table(values.Get(Levels))),
        Row(
            "released-slide",
            "HDLM's sliding window as its code counts it.",
            new(Width, Depth),
            values => HyperscheduleChoice.ReleasedSlide(values.Get(Width), values.Get(Depth))),
        Row(
            "released-block",
            "HDLM's blocks as its code counts them.",
            new(Width, Depth),
            values => HyperscheduleChoice.ReleasedBlock(values.Get(Width), values.Get(Depth))),
        Row(
            "released-block-slide",
            "HDLM's block-slide as its code counts it.",
            new(Width, Depth),
            values => HyperscheduleChoice.ReleasedBlockSlide(values.Get(Width), values.Get(Depth))),
    ]);

    private static ComponentRow<HyperscheduleChoice> Row(
        string kind,
        string doc,
        Section section,
        Func<Values, HyperscheduleChoice> make) => new(kind, typeof(Hyperschedule), doc, section, make)
    {
        Refuses = Wide,
    };

    private static string? Wide(HyperscheduleChoice choice, DiffusionSetup setup) => choice.Width > setup.Hyperschedule.Length
        ? $"width is {choice.Width}, but the sequences have {setup.Hyperschedule.Length} tokens"
        : null;

    private static int? Asked(Values values, Key<int> key) => values.Has(key) ? values.Get(key) : null;

    private static Key<int> Count(string name, string things, string doc, bool IsRequired) =>
        new(name, new Number<int>(new(1, 65_536), $"it counts {things}", "Use a number such as 16."), doc, IsRequired: IsRequired);
}

/// <summary>Levels written out: a list of steps, each a list with a whole number a position.</summary>
internal sealed class LevelRows : Kind<ImmutableArray<ImmutableArray<int>>>
{
    private static readonly Number<int> Level = new(
        new(0, 65_536), "it is a level", "Use 0 for settled and the greatest number for pure noise.");

    /// <inheritdoc/>
    public override string Expected => "a list of steps, each a list with a level a position";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "array", ["items"] = Level.Schema() } };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out ImmutableArray<ImmutableArray<int>> value)
    {
        if (node is not Sequence list || list.Items.FirstOrDefault(item => item is not Sequence) is not null)
            return Refuse((node as Sequence)?.Items.FirstOrDefault(item => item is not Sequence) ?? node, path, report, out value);
        int before = report.Count;
        value = [.. list.Items.Select(row => ((Sequence)row).Items.Select(Read).ToImmutableArray())];
        if (value.Sum(row => (long)row.Length) > LevelTable.MostLevels)
            report.Add(node, $"{path} has more than {LevelTable.MostLevels} levels", "Use one of the named hyperschedules.");
        if (report.Count == before)
            CheckRules(list, value, path, report);
        return report.Count == before;

        int Read(Node cell) => Level.TryRead(cell, path, report, out int level) ? level : 0;
    }

    // Each level that breaks a rule is pointed out where it stands.
    private static void CheckRules(Sequence rows, ImmutableArray<ImmutableArray<int>> levels, string path, Diagnostics report)
    {
        Node at = rows;
        foreach (var problem in LevelTable.Problems([.. levels], Place))
            report.Add(at, $"{path}: {problem.What}", problem.Fix);

        string Place(int step, int position)
        {
            var row = rows.Items.ElementAtOrDefault(step) as Sequence;
            at = row?.Items.ElementAtOrDefault(position) ?? row ?? (Node)rows;
            return path;
        }
    }
}
