using Bench.Data;
using Bench.Data.Tokenizers;
using Bench.Data.Tokens;
using Bench.Experiments.Definitions;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Running;
using Bench.Methods;
using Bench.Numerics;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Sampling;
using Bench.Tasks;
using Bench.Tasks.Infilling;
using Bench.Tests.Experiments;
using Xunit;

namespace Bench.Tests.Tasks;

/// <summary>The task of docs/tasks.md, added by its steps: copy a sequence, with examples of its own.</summary>
public sealed class CopyTests
{
    private const string Definition =
        """
        name: copying
        data: { length: 8 }
        task: { kind: copy, seed: 3 }
        methods: [mdlm]
        model: { blocks: 1, width: 32, heads: 2, condition-width: 16 }
        training: { steps: 300, batch-size: 32, learning-rate: 1e-2, beta2: 0.98, ema-decay: 0.95, precision: float32, validate-every: 100 }
        evaluation: { sequences: 64, draws: 4, splits: [test] }
        sampling: { count: 64, steps: 8 }
        """;

    /// <summary>Its examples, for other tasks.</summary>
    internal static readonly ITaskData Examples = new CopiedSequences(Seed: 1);

    private static readonly NumberedSymbols Symbols = new(new Vocabulary("symbols6", 6));

    private static readonly TaskRow Row = new TaskRow<CopyTask>(
        "sequences of numbers whose second half repeats the first, which is given",
        new CopyTask(Seed: 1),
        new Section(new Key<CopyTask, int>(
            "seed", new Number<int>(new(0, 1_000_000), "it draws the sequences", "Use 1."), "What the sequences are drawn from.",
            task => task.Seed, (task, value) => task with { Seed = value }, "1")));

    private static readonly TaskTable Tasks = new(TaskKinds.Rows.Add(Row));

    [Fact]
    public void From_its_definition_a_network_is_trained_measured_and_completes_what_is_given()
    {
        using var place = new Workplace();
        var run = Assert.Single(place.PlanAll(Definition, Tasks));
        Assert.Equal(new CopyTask(Seed: 3), run.Spec.Task);
        var record = place.Finish(run);

        var likelihood = record.Metrics.Single(row => row.Name == LikelihoodMetrics.Nats.Name);
        Assert.InRange(likelihood.Value, 0, 0.2);
        Assert.Contains("64 of 256 examples of 8", likelihood.Protocol, StringComparison.Ordinal);
        Assert.Contains("the first half of a sequence is given, and likelihoods are per token", likelihood.Protocol,
            StringComparison.Ordinal);
        Assert.DoesNotContain(record.Metrics, row => row.Name == LikelihoodMetrics.TrueEntropy.Name);
        Assert.InRange(record.Generation.Single(row => row.Name == InfillingMetrics.TokenAccuracy.Name).Value, 0.9, 1);
        // What the task does not ask for is not measured.
        Assert.DoesNotContain(record.Generation, row => row.Name == ScoredText.Perplexity.Name);
        Assert.Contains(record.Generation, row => row.Name == GenerationCosts.TokensPerSecond.Name);

        // A sample is a half, and its copy up to the length of the example.
        string[] sample = File.ReadAllText(Path.Combine(run.Folder, "samples", "sample-01.txt")).Split((char[]?)null,
            StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(sample.Length, 5, 8);

        using var model = TrainedModel.Load(run.Folder, raw: false, Tasks);
        var refused = Assert.Throws<SuiteException>(() => model.Evaluate(place.Write("text", "0 1 2")));
        Assert.Contains("has examples of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_examples_and_keys_are_part_of_a_run_and_reach_other_processes()
    {
        using var place = new Workplace();
        var runs = place.PlanAll(Definition.Replace("task: { kind: copy, seed: 3 }", "task: { kind: copy }\nsweep: { task.seed: [3, 4] }",
            StringComparison.Ordinal), Tasks);
        Assert.Equal(2, runs.Select(run => run.Id).Distinct().Count());
        foreach (var (run, seed) in runs.Zip([3, 4]))
        {
            var read = RunJson.Read(RunJson.Write(run.Spec), Tasks);
            Assert.Equal(run.Spec.Task, read.Task);
            Assert.Equal(run.Spec.Data, read.Data);
            string canonical = run.Spec.Definition("hash").Canonical;
            Assert.Contains($"\"task\":{{\"kind\":\"copy\",\"seed\":{seed}}}", canonical, StringComparison.Ordinal);
            Assert.Contains("\"corpus\":\"copied-sequences\"", canonical, StringComparison.Ordinal);
            using var data = run.Spec.Data.Open(place.Library);
            Assert.Equal(data.Hash, read.Data.Open(place.Library).Hash);
        }

        string[] hashes = [.. runs.Select(run => run.Spec.Data.Open(place.Library).Hash)];
        Assert.NotEqual(hashes[0], hashes[1]);
        // Written out it is the same definition.
        string shown = DefinitionReader.Show(place.Write("copying.yaml", Definition), Tasks).Text;
        Assert.Equal(place.Read(Definition, Tasks).Runs[0].Definition("hash").Canonical,
            place.Read(shown, Tasks).Runs[0].Definition("hash").Canonical);
    }

    [Theory]
    [InlineData("length: 8", "corpus: sotu, length: 8", "data.corpus is sotu, but the task copy has examples of its own")]
    [InlineData("seed: 3", "share: 0.5", "'share' under task is a key of infilling, but the task is copy")]
    [InlineData("seed: 3", "sead: 3", "unknown key 'sead' under task")]
    [InlineData("seed: 3", "seed: -3", "task.seed is -3, but it draws the sequences and lies in [0, 1000000]")]
    [InlineData("kind: copy", "kind: copi", "unknown task 'copi' in task.kind")]
    [InlineData("[mdlm]", "[ngram-2]", "ngram-2 cannot do the task copy: copying takes a network")]
    [InlineData("draws: 4", "draws: 4, zero-shot: [novels]", "evaluation.zero-shot names texts, but the task copy has examples of its own")]
    [InlineData("name: copying", "name: copying\nscorer: { training: { steps: 9 } }",
        "scorer asks for a network that scores text, but the task copy has examples of its own")]
    [InlineData("steps: 8 }", "steps: 8, scorers: [stories15m] }",
        "sampling.scorers names models that score text, but the task copy has examples of its own")]
    [InlineData("task: { kind: copy, seed: 3 }", "", "data.corpus is missing")]
    [InlineData("data: { length: 8 }\ntask: { kind: copy, seed: 3 }", "data: { corpus: copied-sequences }",
        "data.corpus is copied-sequences, which is no text but the examples of a task")]
    public void What_does_not_go_with_it_is_reported_before_anything_runs(string written, string wrong, string expected)
    {
        using var place = new Workplace();
        string definition = Definition.Replace(written, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Definition, definition);
        Assert.Contains(place.Read(definition, Tasks).Problems, problem => problem.What.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_the_row_no_definition_knows_it()
    {
        using var place = new Workplace();
        Assert.Contains(place.Read(Definition).Problems, problem => problem.What == "unknown task 'copy' in task.kind");
        Assert.DoesNotContain("copy", DefinitionReader.KeyTable, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_epoch_visits_every_example_once_with_what_is_given_of_it()
    {
        var examples = new CopyTask(2).Data.Examples(null!, Split.Test, 8);
        var tokens = new ExampleTokens(examples);
        var stream = new BatchStream(tokens, 8, 4, RandomStream.Root(1));
        var epoch = stream.Read(examples.Count, (int)examples.Count);
        Assert.Equal(
            Rows(examples.Read(0, (int)examples.Count)).Order(StringComparer.Ordinal), Rows(epoch).Order(StringComparer.Ordinal));
        Assert.NotEqual(Rows(stream.Read(0, (int)examples.Count)), Rows(epoch));
        var chunks = new EvaluationChunks(tokens, 8, limit: 10);
        Assert.Equal(Rows(examples.Read(chunks.ChunkIndex(3), 1)), Rows(chunks.Read(3, 1)));
        Assert.Equal(chunks.ChunkIndex(3), chunks.Read(3, 1).Examples[0]);
        Assert.Equal(chunks.Read(3), Array.ConvertAll(chunks.Read(3, 1).Tokens, token => (int)token));

        static IEnumerable<string> Rows(ExampleBatch batch) => Enumerable.Range(0, batch.Rows).Select(row =>
            $"{string.Join(' ', batch.Row(row).ToArray())} of {batch.Lengths![row]}, {batch.TargetsOf(row)} to find");
    }

    /// <summary>The second half of a sequence is its first half, which is given; sequences differ in how much of it is asked for.</summary>
    private sealed record CopyTask(int Seed) : ITask
    {
        public string Name => "copy";

        public ITaskData Data => new CopiedSequences(Seed);

        public string? Refuses(IMethod method) => method is NetworkMethod ? null : "copying takes a network";

        public string Condition(IMethod method, int length) => "the first half of a sequence is given";

        public IExamples Training(IExamples source) => source;

        public IExamples Evaluation(IExamples source) => source;

        public void Evaluate(IEvaluation run)
        {
            run.Likelihoods(Evaluation);
            if (run.Count == 0)
                return;
            var request = GenerationRequest.Of(run.Source(Split.Test, run.Count), run.Count);
            run.Generate(request, made => TokenAccuracy.Of(made.Setting, request.Truth!, made.Sequences, run.Draws), isText: false);
        }
    }

    private sealed record CopiedSequences(int Seed) : ITaskData
    {
        public string Name => "copied-sequences";

        public ITokenizer Tokenizer => Symbols;

        public IExamples Examples(DataLibrary library, Split part, int length) => length % 2 == 0
            ? new Doubled(Tokenizer.Vocabulary, length, part == Split.Train ? 4096 : 256,
                RandomStream.Root((ulong)Seed).Split($"{part}"))
            : throw new SuiteException($"the length of copied sequences is {length}, but it is even", $"Use {length + 1}.");
    }

    private sealed class Doubled(Vocabulary vocabulary, int length, long count, RandomStream draws) : IExamples
    {
        public Vocabulary Vocabulary => vocabulary;

        public int Length => length;

        public long Count => count;

        public ExampleBatch Read(long first, int rows)
        {
            int half = length / 2;
            long[] numbers = [.. Enumerable.Range(0, rows).Select(row => first + row)];
            return new ExampleBatch(
                [.. numbers.SelectMany(number => Enumerable.Range(0, length).Select(i => (long)draws.Below(6, number, i % half)))], numbers)
            {
                Given = [.. numbers.SelectMany(_ => Enumerable.Range(0, length).Select(i => i < half))],
                Lengths = [.. numbers.Select(number => half + 1 + draws.Below(half, number, half))],
            };
        }
    }
}
