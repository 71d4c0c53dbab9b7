using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Noise;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;

namespace Bench.Tasks;

/// <summary>
/// What a method is trained and evaluated for: examples, of which a part may be given; what is generated; how that is measured.
/// </summary>
/// <remarks>
/// A task makes its examples of chunks of a run's corpus. Likelihoods are measured on <see cref="Evaluation"/>, per token that is not
/// given; texts are
/// generated behind the prompt of a <see cref="GenerationRequest"/>, measured as all generated text is, and by <see cref="Evaluate"/>.
/// </remarks>
public interface ITask
{
    /// <summary>The task's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>The family of noise processes whose data the task has.</summary>
    ProcessFamily Family { get; }

    /// <summary>Why a method cannot do the task, as text; null where it can.</summary>
    string? Refuses(IMethod method);

    /// <summary>What is given, as text, for the protocol of a method's numbers; empty where nothing is.</summary>
    string Condition(IMethod method);

    /// <summary>Examples to train on.</summary>
    /// <param name="text">Chunks of the training text, without end.</param>
    IExamples Training(IExamples text);

    /// <summary>Examples to measure likelihoods on.</summary>
    /// <param name="text">
    /// Chunks of a text; an example has its chunk's number, so that what is given depends on neither method nor seed.
    /// </param>
    IExamples Evaluation(IExamples text);

    /// <summary>What is to be generated.</summary>
    /// <param name="text">Chunks of the test text.</param>
    /// <param name="count">How many sequences.</param>
    GenerationRequest Request(IExamples text, int count);

    /// <summary>Measures what was generated, beside what is measured of all generated text.</summary>
    /// <param name="setting">How it was generated.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="sequences">[count][L] tokens.</param>
    /// <param name="draws">Of resamples.</param>
    ImmutableArray<GenerationMetric> Evaluate(
        GenerationSetting setting, GenerationRequest request, IReadOnlyList<int[]> sequences, RandomStream draws);
}

/// <summary>What a task asks a generator for.</summary>
/// <param name="Prompt">What is given.</param>
/// <param name="Truth">
/// The examples that the prompt is of, the first for the first sequence; null where nothing is to be found again.
/// </param>
public sealed record GenerationRequest(Prompt Prompt, ExampleBatch? Truth)
{
    /// <summary>Nothing given.</summary>
    public static GenerationRequest Free { get; } = new(Prompt.None, Truth: null);
}

/// <summary>Examples that are made of others, batch by batch.</summary>
/// <param name="of">The others.</param>
/// <param name="make">Makes examples of examples, one of each, by its tokens and number alone.</param>
public sealed class MadeExamples(IExamples of, Func<ExampleBatch, ExampleBatch> make) : IExamples
{
    /// <inheritdoc/>
    public Vocabulary Vocabulary => of.Vocabulary;

    /// <inheritdoc/>
    public int Length => of.Length;

    /// <inheritdoc/>
    public long Count => of.Count;

    /// <inheritdoc/>
    public ExampleBatch Read(long first, int count) => make(of.Read(first, count));
}
