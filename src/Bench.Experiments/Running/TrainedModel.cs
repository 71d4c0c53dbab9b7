
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Corpora;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Machine;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Published;
using Bench.Results;
using Bench.Results.Files;
using Bench.Results.Runs;
using Bench.Tasks;
using Bench.Tasks.TextGeneration;
using Bench.Training;

namespace Bench.Experiments.Running;

/// <summary>
/// The network of a run, with the moving average of its weights, to be evaluated on other text; a <see cref="TextGenerator"/> samples from
/// it.
/// </summary>
public sealed class TrainedModel : IDisposable
{
    private readonly JsonNode json; // the definition

    private TrainedModel(RunDefinition definition, JsonNode json, NetworkMethod method, ITask task, ITokenizer tokenizer, Ddit network,
        string checkpoint, bool raw)
    {
        (Definition, this.json, Method, Task, Tokenizer, Network) = (definition, json, method, task, tokenizer, network);
        Length = RunJson.Value(json, ExperimentKeys.Data.Name, DataKeys.Length);
        // The weights of the last step are there as well; the average is what was evaluated.
        string run = RunId.Of(definition, definition.DataHash);
        if (IsImported && raw)
            throw new SuiteException("the run was imported and keeps one set of weights", "Leave --raw out.");
        var optimiser = IsImported ? null : ExperimentKeys.Training.Read(json)?.Plan.Optimiser;
        Step = Checkpoints.Checked(checkpoint, IsImported ? Trainer.LoadSingle(checkpoint, run, network)
            : raw ? Trainer.LoadWeights(checkpoint, run, network, optimiser) : Trainer.LoadAverage(checkpoint, run, network, optimiser));
        network.eval();
    }

    /// <summary>The run's resolved definition.</summary>
    public RunDefinition Definition { get; }

    /// <summary>Whether the weights were imported; then there is one set of them.</summary>
    public bool IsImported => json[ExperimentKeys.Source.Name] is not null;

    /// <summary>Its method.</summary>
    public NetworkMethod Method { get; }

    /// <summary>Turns text into tokens and back.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The averaged weights, in evaluation mode.</summary>
    public Ddit Network { get; }

    /// <summary>The task that the run is for: what is given of a text, here as there.</summary>
    public ITask Task { get; }

    /// <summary>L: tokens in a sequence.</summary>
    public int Length { get; }

    /// <summary>Steps from noise to text that the run asked its method for.</summary>
    public int Steps => RunJson.Value(json, ExperimentKeys.Sampling.Name, SamplingKeys.Steps);

    /// <summary>The type of products that the run asked for in generation.</summary>
    public Precision SamplingPrecision => (ExperimentKeys.Sampling.Read(json) ?? SamplingKeys.Blank).Precision;

    /// <summary>Updates that the weights have seen.</summary>
    public long Step { get; }

    /// <summary>Loads the newest checkpoint of a run, finished or not.</summary>
    /// <param name="runFolder">Such as <c>results/runs/&lt;experiment&gt;/&lt;id&gt;</c>.</param>
    /// <exception cref="SuiteException">
    /// The folder is no run of a network, keeps no checkpoint, or a file in it is damaged or another run's.
    /// </exception>
    public static TrainedModel Load(string runFolder) => Load(runFolder, raw: false);

    /// <summary>The same, of the weights of the last step instead of their moving average.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="raw">Whether the weights of the last step are taken.</param>
    public static TrainedModel Load(string runFolder, bool raw) => Load(runFolder, raw, TaskTable.Program);

    /// <summary>The same, of a run on a task of a table.</summary>
    internal static TrainedModel Load(string runFolder, bool raw, TaskTable tasks)
    {
        if (RunStore.DefinitionAt(runFolder) is not { } definition)
            throw new SuiteException($"{runFolder} is no run folder: it has no definition.json",
                "Name a folder such as results/runs/<experiment>/<id>.");
        if (RunJson.Method(definition.Method, definition.Title, definition.Paper,
            definition.Text(RunJson.Components)) is not NetworkMethod method)
            throw new SuiteException($"{runFolder} is a run of {definition.Method}, which keeps no weights", "Name the run of a network.");
        if (new Checkpoints(runFolder).Newest is not { } checkpoint)
            throw new SuiteException($"{runFolder} keeps no checkpoint",
                "Run its experiment on this machine: checkpoints are not copied with results.");

        TorchEnvironment.Require();
        var stored = JsonNode.Parse(definition.Canonical)!;
        var task = ExperimentKeys.TaskOf(tasks).Read(stored) ?? new TextGenerationTask();
        var tokenizer = task.Data?.Tokenizer ?? Tokenizers.Find(RunJson.Value(stored, ExperimentKeys.Data.Name, DataKeys.Tokenizer));
        var model = ExperimentKeys.Model.Read(stored)
            ?? throw new SuiteException("the run's definition has no model", "Delete the run's folder and run the experiment again.");
        var network = new Ddit(Specialisation.Of(model, method).Shape(tokenizer.Vocabulary, method.View), stream: null)
            .On(TorchEnvironment.Device);
        try
        {
            return new TrainedModel(definition, stored, method, task, tokenizer, network, checkpoint, raw);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The likelihood of a text file.</summary>
    /// <param name="file">UTF-8 text.</param>
    /// <param name="sequences">Chunks at even distances; null takes all.</param>
    /// <param name="draws">Noise levels a chunk; null takes as many as the run did.</param>
    /// <param name="progress">Notified of the share that is done.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Rows as in <c>metrics.csv</c>, with the file's name for a split.</returns>
    /// <exception cref="SuiteException">The file is missing, not UTF-8, or shorter than a chunk.</exception>
    public ImmutableArray<Metric> Evaluate(string file, int? sequences = null, int? draws = null, Action<double>? progress = null,
        CancellationToken stop = default)
    {
        if (Task.Data is not null)
            throw new SuiteException($"the run's task, {Task.Name}, has examples of its own: a text is none of them",
                "Its numbers are in the run's metrics.csv; name the run of a task on texts here.");
        using var tokens = TextFile.Tokens(file, Tokenizer);
        var chunks = new EvaluationChunks(tokens, Length, sequences);
        var objective = Method.Objective(Method.Setup(Tokenizer.Vocabulary, Length));
        var likelihood = new Likelihood(objective, draws ?? RunJson.Value(json, ExperimentKeys.Evaluation.Name, EvaluationKeys.Draws),
            Random.Split("likelihood").Split("file"), TorchEnvironment.Device);
        var estimate =
            likelihood.Of(Network, Task.Evaluation(chunks), done => progress?.Invoke((double)done / chunks.Count), stop);
        return [.. new LikelihoodRows(Tokenizer).Of(
            Path.GetFileName(file), estimate, chunks, objective, likelihood.Draws, Task.Condition(Method, Length),
            CheckpointFamily.Find(Definition.Text("source.as"))?.Remark ?? "")];
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private RandomStream Random => RandomStream.Root((ulong)Definition.Seed);
}

/// <summary>A text file as tokens.</summary>
internal static class TextFile
{
    /// <summary>All tokens of the file.</summary>
    /// <exception cref="SuiteException">The file is missing, cannot be read, or is not UTF-8.</exception>
    public static TokenArray Tokens(string file, ITokenizer tokenizer)
    {
        try
        {
            using var text = new Utf8Reader(InputFile.Open(file), file);
            var tokens = new List<int>();
            tokenizer.Encode(text, piece => tokens.AddRange(piece));
            return new(tokenizer.Vocabulary, [.. tokens]);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SuiteException($"{file} cannot be read: {refused.Message}",
                "Name a text file; paths count from the folder the program runs in.", refused);
        }
    }
}

/// <summary>Tokenizers by the names that resolved definitions give them.</summary>
internal static class Tokenizers
{
    private const string Symbols = "symbols";

    /// <summary>The tokenizer of a name.</summary>
    /// <exception cref="SuiteException">There is none of that name.</exception>
    public static ITokenizer Find(string name)
    {
        if (TextTokenizers.Find(name) is { } known)
            return known;
        if (name.StartsWith(Symbols, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(Symbols.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int tokens) && tokens > 1)
            return new NumberedSymbols(new Vocabulary(name, tokens));
        throw new SuiteException($"there is no tokenizer '{name}'",
            $"Known tokenizers: {string.Join(", ", TextTokenizers.Names)}, {Symbols}<count>; "
                + "the run may be of a later version of the suite.");
    }
}
