using System.Collections.Immutable;
using Bench.Data;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Sources;
using Bench.Results;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Definitions;

/// <summary>How likelihoods are measured.</summary>
/// <param name="Sequences">Chunks of a split, at even distances; a split with fewer gives all it has.</param>
/// <param name="Draws">K: stratified noise levels a chunk; 1 where the likelihood is exact.</param>
/// <param name="Splits">The parts of the corpus.</param>
public sealed record EvaluationSpec(int Sequences, int Draws, ImmutableArray<Split> Splits)
{
    /// <summary>Texts of other kinds for zero-shot evaluation.</summary>
    public ImmutableArray<ZeroShotText> ZeroShot { get; init; } = [];

    /// <summary>Chunks of each of these texts.</summary>
    public int ZeroShotSequences { get; init; } = 64;

    /// <summary>Unmasking orders whose exact likelihood is measured on the test part.</summary>
    public ImmutableArray<ConfidenceOrder> Orders { get; init; } = [];

    /// <summary>Chunks for each of these orders.</summary>
    public int OrderSequences { get; init; } = 64;
}

/// <summary>The keys under <c>evaluation</c>.</summary>
internal static class EvaluationKeys
{
    public static readonly EvaluationSpec Blank = new(0, 0, []);

    public static readonly Key<EvaluationSpec, int> Draws = new(
        "draws",
        new Number<int>(new(1, 65_536), "it counts the noise levels of a sequence", "Use 16."),
        "Stratified noise levels a sequence, where the likelihood is a bound.",
        evaluation => evaluation.Draws, (evaluation, value) => evaluation with { Draws = value }, "16");

    public static readonly Key<EvaluationSpec, ImmutableArray<ZeroShotText>> ZeroShot = new(
        "zero-shot",
        new ListOf<ZeroShotText>(new ZeroShotKind(), least: 0),
        "Texts of other kinds to measure likelihoods on as well; nothing is trained on them.",
        evaluation => evaluation.ZeroShot, (evaluation, value) => evaluation with { ZeroShot = value }, "[]");

    public static readonly Key<EvaluationSpec, ImmutableArray<ConfidenceOrder>> Orders = new(
        "orders",
        new ListOf<ConfidenceOrder>(
            new Choice<ConfidenceOrder>(
                "order", [.. Enum.GetValues<ConfidenceOrder>().Select(order => KeyValuePair.Create(new ByConfidence(order).Name, order))]),
            least: 0),
        "Orders of unmasking, a token a call, whose exact likelihood of test text is measured as well, for methods that only mask.",
        evaluation => evaluation.Orders.IsEmpty ? null : evaluation.Orders, (evaluation, value) => evaluation with { Orders = value },
        "[]");

    public static Section Section { get; } = new(
        new Key<EvaluationSpec, int>(
            "sequences",
            new Number<int>(
                new(2, 1e8), "a standard error takes two sequences at least", "Use 256, or a large number for the whole split."),
            "Sequences of a split, at even distances; a split with fewer gives all it has.",
            evaluation => evaluation.Sequences, (evaluation, value) => evaluation with { Sequences = value }, "256"),
        Draws,
        new Key<EvaluationSpec, ImmutableArray<Split>>(
            "splits",
            new ListOf<Split>(new Choice<Split>("split", SplitNames.All), least: 1),
            "The parts of the text.",
            evaluation => evaluation.Splits, (evaluation, value) => evaluation with { Splits = value }, "[\"validation\", \"test\"]"),
        ZeroShot,
        new Key<EvaluationSpec, int>(
            "zero-shot-sequences",
            new Number<int>(new(2, 1e8), "a standard error takes two sequences at least", "Use 64."),
            "Sequences of each of these texts.",
            evaluation => evaluation.ZeroShot.IsEmpty ? null : evaluation.ZeroShotSequences,
            (evaluation, value) => evaluation with { ZeroShotSequences = value },
            "64"),
        Orders,
        new Key<EvaluationSpec, int>(
            "order-sequences",
            new Number<int>(new(2, 1e8), "a standard error takes two sequences at least", "Use 64."),
            "Sequences of test text for each of these orders; each takes as many network calls as it has tokens.",
            evaluation => evaluation.Orders.IsEmpty ? null : evaluation.OrderSequences,
            (evaluation, value) => evaluation with { OrderSequences = value },
            "64"));
}

/// <summary>The parts of a corpus, as definitions and metrics call them.</summary>
internal static class SplitNames
{
    public static IReadOnlyList<KeyValuePair<string, Split>> All { get; } =
        [new(Splits.Train, Split.Train), new(Splits.Validation, Split.Validation), new(Splits.Test, Split.Test)];

    public static string Of(Split part) => All.First(pair => pair.Value == part).Key;
}
