using System.Collections.Immutable;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Experiments.Definitions.Yaml;
using Bench.Metrics;

namespace Bench.Experiments.Definitions;

/// <summary>Texts that are measured as a paper's program measures them, and by our bound on the same rows.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Rows">How documents become rows.</param>
/// <param name="EndsDocuments">Whether the end of text stands behind each document, where rows hold several.</param>
/// <param name="GivesFirst">Whether the first token of a row is given: not corrupted, not counted.</param>
/// <param name="Protocol">How the program estimates.</param>
public sealed record PublishedSpec(
    ImmutableArray<PublishedText> Texts, RowLayout Rows, bool EndsDocuments, bool GivesFirst, PublishedProtocol Protocol)
{
    /// <summary>Rows of a text that are measured as published, at even distances; null for all. Ours are those of the evaluation.</summary>
    public int? Sequences { get; init; }

    /// <summary>How rows are made, as text, for the protocol of a number.</summary>
    /// <param name="length">L.</param>
    public string RowsText(int length) => Rows switch
    {
        RowLayout.Wrapped => $"end of text, {length - 2} tokens, end of text",
        RowLayout.Padded => $"a document a row, cut to {length - 2} tokens between ends of text, padding not counted",
        RowLayout.Cropped => $"{length} tokens of a document between ends of text, from a drawn place on, padding not counted",
        _ => $"{length} tokens",
    } + (Rows is RowLayout.Padded or RowLayout.Cropped ? "" : EndsDocuments ? ", documents end in end of text"
        : ", nothing between documents") + (GivesFirst ? ", the first token given" : "");
}

/// <summary>The keys under <c>published</c>.</summary>
internal static class PublishedKeys
{
    public static readonly PublishedSpec Blank = new([], RowLayout.Packed, EndsDocuments: true, GivesFirst: false, new());

    public static readonly Key<PublishedSpec, ImmutableArray<PublishedText>> Texts = new(
        "texts", new ListOf<PublishedText>(new PublishedTextKind(), least: 1),
        "Texts that papers report numbers on, by their names (docs/published.md), or folders of your own.",
        published => published.Texts, (published, value) => published with { Texts = value });

    public static readonly Key<PublishedSpec, int> Draws = Protocol(
        "draws", new Number<int>(new(1, 65_536), "it counts the noise times of a row", "Use 1, as most programs do."),
        "Noise times a row; with more than one a multiple of batch.",
        protocol => protocol.Draws, (protocol, value) => protocol with { Draws = value }, "1");

    public static readonly Key<PublishedSpec, double> LeastTime = Protocol(
        "least-time", new Number<double>(new(0, 1), "it is a noise time", "Use 0.001, as most programs do."),
        "The least noise time that is drawn.",
        protocol => protocol.LeastTime, (protocol, value) => protocol with { LeastTime = value }, "0.001");

    public static readonly Key<PublishedSpec, double> MostTime = Protocol(
        "most-time", new Number<double>(new(0, 1), "it is a noise time", "Use 1."),
        "The greatest noise time that is drawn.",
        protocol => protocol.MostTime, (protocol, value) => protocol with { MostTime = value }, "1");

    public static readonly Key<PublishedSpec, int> Batch = Protocol(
        "batch", new Number<int>(new(1, 65_536), "it counts rows", "Use 16."),
        "Rows, or copies of a row where draws is more than 1, that share the strata of the noise time.",
        protocol => protocol.Batch, (protocol, value) => protocol with { Batch = value }, "16");

    public static Section Section { get; } = new(
        Texts,
        new Key<PublishedSpec, RowLayout>(
            "rows",
            new Choice<RowLayout>("layout", [new("packed", RowLayout.Packed), new("wrapped", RowLayout.Wrapped),
                new("padded", RowLayout.Padded), new("cropped", RowLayout.Cropped)]),
            "How documents become rows: all of them cut every L tokens; the same between two ends of text; a document a row, padded; a "
                + "drawn part of a document.",
            published => published.Rows, (published, value) => published with { Rows = value }, "\"packed\""),
        new Key<PublishedSpec, bool>(
            "document-ends", new Flag(), "Whether the end of text stands behind each document, where rows hold several.",
            published => published.EndsDocuments, (published, value) => published with { EndsDocuments = value }, "true"),
        new Key<PublishedSpec, bool>(
            "first-given", new Flag(), "Whether the first token of a row is neither corrupted nor counted.",
            published => published.GivesFirst, (published, value) => published with { GivesFirst = value }, "false"),
        Protocol(
            "loss",
            new Choice<PublishedLoss>("loss", [new("bound", PublishedLoss.Bound), new("masked", PublishedLoss.Masked)]),
            "What is averaged: the integrand of the method's bound; or the cross-entropy of masked tokens whatever the noise, as HDLM "
                + "does.",
            protocol => protocol.Loss, (protocol, value) => protocol with { Loss = value }, "\"bound\""),
        Draws,
        Batch,
        Protocol(
            "shared-offset", new Flag(), "Whether one number moves all noise times of a batch; else each has its own within its stratum.",
            protocol => protocol.IsOffsetShared, (protocol, value) => protocol with { IsOffsetShared = value }, "false"),
        LeastTime,
        MostTime,
        Protocol(
            "schedule-end", new Number<double>(new(0, 1, OpenMost: true), "it is a share of tokens", "Use 0.001, as MDLM and SEDD do."),
            "The share that stays clean at time 1 (log-linear schedule); by default the method's own schedule.",
            protocol => protocol.ScheduleEnd, (protocol, value) => protocol with { ScheduleEnd = value }),
        Protocol(
            "sigma", new Number<double>(new(0, 100), "it is a total noise", "Use 0.001, as HDLM's program does."),
            "The noise level that the network is given whatever the noise; by default that of the noise.",
            protocol => protocol.GivenSigma, (protocol, value) => protocol with { GivenSigma = value }),
        new Key<PublishedSpec, int>(
            "sequences", new Number<int>(new(2, 1e8), "a standard error takes two rows at least", "Leave it out for all rows."),
            "Rows of a text to measure as published, at even distances; by default all.",
            published => published.Sequences, (published, value) => published with { Sequences = value }));

    /// <summary>The spec of values; null for a definition that measures nothing as published.</summary>
    public static PublishedSpec? Of(Values values, Diagnostics report)
    {
        if (!values.Has(Texts))
        {
            if (!values.IsWritten(Texts) && Section.Keys.FirstOrDefault(values.IsWritten) is { } written)
                report.Add(values.At(written), $"published has {written.Name} without texts", $"Add 'texts': {Texts.Doc}");
            return null;
        }

        var made = Section.Make(Blank, values);
        if (made.Protocol is { Draws: > 1 } several && several.Draws % several.Batch != 0)
        {
            report.Add(values.At(Draws), $"published.draws is {several.Draws}, no multiple of published.batch, which is {several.Batch}",
                $"Use {several.Batch * Math.Max(1, several.Draws / several.Batch)}, or a batch of {several.Draws}.");
        }

        if (made.Protocol.LeastTime >= made.Protocol.MostTime)
        {
            report.Add(values.At(LeastTime),
                $"published.least-time is {made.Protocol.LeastTime}, not less than most-time, which is {made.Protocol.MostTime}",
                "Use a range such as 0.001 to 1.");
        }

        return made;
    }

    private static Key<PublishedSpec, T> Protocol<T>(string name, Kind<T> kind, string doc, Func<PublishedProtocol, object?> get,
        Func<PublishedProtocol, T, PublishedProtocol> set, string? fallback = null) => new(
        name, kind, doc, published => get(published.Protocol),
        (published, value) => published with { Protocol = set(published.Protocol, value) }, fallback);
}

/// <summary>The published numbers that a run's are compared with: rows of <c>baselines/published/*.csv</c>.</summary>
/// <param name="Method">Their method.</param>
/// <param name="Paper">Their paper, by its key.</param>
public sealed record ReportedSpec(string Method, string Paper)
{
    /// <summary>A part of their protocol, where paper and method have several rows for a text; empty where they have one.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>What differs from how they were measured, in a sentence.</summary>
    public string Differs { get; init; } = "";
}

/// <summary>The keys under <c>reported</c>.</summary>
internal static class ReportedKeys
{
    public static readonly ReportedSpec Blank = new("", "");

    public static readonly Key<ReportedSpec, string> Method = new(
        "method", new Line(mayBeEmpty: false), "The method as baselines/published/*.csv calls it.",
        reported => reported.Method, (reported, value) => reported with { Method = value });

    public static readonly Key<ReportedSpec, string> Paper = new(
        "paper", new Line(mayBeEmpty: false), "The paper that the numbers are of, as it is called there.",
        reported => reported.Paper, (reported, value) => reported with { Paper = value });

    public static Section Section { get; } = new(
        Method,
        Paper,
        new Key<ReportedSpec, string>(
            "protocol", new Line(mayBeEmpty: true), "A part of the protocol there, where the method has several numbers for a text.",
            reported => reported.Protocol, (reported, value) => reported with { Protocol = value }, "\"\""),
        new Key<ReportedSpec, string>(
            "differs", new Line(mayBeEmpty: true), "What differs from how the numbers were measured, in a sentence.",
            reported => reported.Differs, (reported, value) => reported with { Differs = value }, "\"\""));

    /// <summary>The spec of values; null for a definition that is compared with nothing.</summary>
    public static ReportedSpec? Of(Values values, Diagnostics report)
    {
        if (!values.Has(Method) && !values.Has(Paper))
            return null;
        foreach (var (key, other) in ((Key, Key)[])[(Method, Paper), (Paper, Method)])
        {
            if (values.Has(key) && !values.Has(other))
                report.Add(values.At(key), $"reported has {key.Name} without {other.Name}", $"Add '{other.Name}': {other.Doc}");
        }

        return Section.Make(Blank, values);
    }
}
