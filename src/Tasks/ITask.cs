using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Guidance;
using Bench.Methods;
using Bench.Noise;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;
using TorchSharp;

namespace Bench.Tasks;

/// <summary>
/// What a method is trained and evaluated for: where examples come from, what of them is given, and what is measured of a trained network.
/// </summary>
/// <remarks>
/// Examples are made of a run's source: chunks of its corpus or, where the task has <see cref="Data"/> of its own, of those. A run trains
/// on <see cref="Training"/> and then asks <see cref="Evaluate"/>: it measures nothing that the task does not ask for.
/// </remarks>
public interface ITask
{
    /// <summary>The task's name in definitions and tables.</summary>
    string Name { get; }

    /// <summary>The family of noise processes whose data the task has.</summary>
    ProcessFamily Family => ProcessFamily.Discrete;

    /// <summary>Examples of its own; null where it makes them of chunks of the run's corpus.</summary>
    ITaskData? Data => null;

    /// <summary>Rewards of its own, which generation can be guided by beside those of <see cref="RewardTable"/>.</summary>
    IReadOnlyList<IReward> Rewards => [];

    /// <summary>Why a method cannot do the task, as text; null where it can.</summary>
    string? Refuses(IMethod method);

    /// <summary>α ln E[exp(r/α) | z] for the first of <see cref="Rewards"/>; null where the task does not know it.</summary>
    /// <param name="setup">Noise and steps.</param>
    /// <param name="alpha">α.</param>
    IValue? ExactValue(DiffusionSetup setup, double alpha) => null;

    /// <summary>What is given, as text, for the protocol of a method's numbers; empty where nothing is.</summary>
    /// <param name="method">The method.</param>
    /// <param name="length">L: tokens an example.</param>
    string Condition(IMethod method, int length);

    /// <summary>Examples to train on.</summary>
    /// <param name="source">Those of the training part, shuffled, without end.</param>
    IExamples Training(IExamples source);

    /// <summary>Examples to measure likelihoods on.</summary>
    /// <param name="source">
    /// Those of a part or text; an example keeps its number, so that what is given depends on neither method nor seed.
    /// </param>
    IExamples Evaluation(IExamples source);

    /// <summary>Measures a trained network: asks for likelihoods and generations, and adds what else the task has to measure.</summary>
    void Evaluate(IEvaluation run);
}

/// <summary>Examples that belong to a task, in place of a corpus: artificial ones, or of records that are no stream of text.</summary>
public interface ITaskData
{
    /// <summary>Their name, which stands where that of a corpus stands otherwise.</summary>
    string Name { get; }

    /// <summary>Numbers their tokens, and prints what is generated.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>
    /// The examples of a part: a finite number of L tokens each, with what of them is given and their lengths. The same at every call:
    /// runs are named after a hash of them.
    /// </summary>
    /// <param name="library">Where downloads are kept.</param>
    /// <param name="part">Training, validation or test.</param>
    /// <param name="length">L.</param>
    /// <exception cref="SuiteException">They cannot be had, or not of that length.</exception>
    IExamples Examples(DataLibrary library, Split part, int length);
}

/// <summary>A trained network that is to be measured, and what a task may ask of its run.</summary>
public interface IEvaluation
{
    /// <summary>The method.</summary>
    NetworkMethod Method { get; }

    /// <summary>The network, in evaluation mode: for what a task measures by itself, such as a ranking.</summary>
    IDenoiser Network { get; }

    /// <summary>Where the network is.</summary>
    torch.Device Device { get; }

    /// <summary>How many sequences are to be generated; 0 for none.</summary>
    int Count { get; }

    /// <summary>Draws of what a task measures, such as resamples.</summary>
    RandomStream Draws { get; }

    /// <summary>The source of a part that a task makes examples of, at even distances.</summary>
    /// <param name="part">Of the run's data.</param>
    /// <param name="limit">How many at most.</param>
    IExamples Source(Split part, int limit);

    /// <summary>
    /// Measures likelihoods on every part and text that the run's definition names: rows of <c>metrics.csv</c>, with the entropy of the
    /// source where that is known and nothing is given.
    /// </summary>
    /// <param name="made">Makes the task's examples of a source.</param>
    void Likelihoods(Func<IExamples, IExamples> made);

    /// <summary>
    /// Generates what is asked for, in every way that the run's definition names, and measures it: rows of <c>generation.csv</c>, those of
    /// costs and speed included. Nothing where <see cref="Count"/> is 0.
    /// </summary>
    /// <param name="request">What is given.</param>
    /// <param name="measures">The task's own metrics of what was generated at a setting; null for none.</param>
    /// <param name="isText">Whether sequences are scored as text of the corpus as well.</param>
    void Generate(
        GenerationRequest request, Func<GeneratedSequences, IEnumerable<GenerationMetric>>? measures = null, bool isText = true);

    /// <summary>Adds a row to <c>metrics.csv</c>.</summary>
    void Add(Metric row);
}

/// <summary>What was generated at a setting.</summary>
/// <param name="Setting">The setting, as rows of <c>generation.csv</c> name it.</param>
/// <param name="Generator">What it is.</param>
/// <param name="Generation">What it drew, and what that took.</param>
public sealed record GeneratedSequences(GenerationSetting Setting, Generator Generator, Generation Generation)
{
    /// <summary>[count][L] tokens.</summary>
    public int[][] Sequences => Generation.Sequences;
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

    /// <summary>What is given of examples, which are to be completed.</summary>
    /// <param name="examples">The task's examples.</param>
    /// <param name="count">How many sequences; where there are more than examples, these are used in turn.</param>
    public static GenerationRequest Of(IExamples examples, int count)
    {
        var truth = examples.Read(0, (int)Math.Min(count, examples.Count));
        return new GenerationRequest(Prompt.Of(truth), truth);
    }
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
