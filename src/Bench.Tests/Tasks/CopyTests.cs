using System.Collections.Immutable;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Metrics;
using Bench.Noise;
using Bench.Numerics;
using Bench.Results;
using Bench.Sampling;
using Bench.Tasks;
using Bench.Tests.Training;
using Bench.Training;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Tasks;

/// <summary>The task of docs/tasks.md, added by its steps: copy a sequence.</summary>
public sealed class CopyTests
{
    private const int Length = 8;

    [Fact]
    public void A_trained_network_copies_the_given_half()
    {
        var task = new Copy();
        var method = (NetworkMethod)MethodTable.Find("mdlm")!;
        Assert.Null(task.Refuses(method));
        var setup = method.Setup(TinyTask.Vocabulary, Length);
        var objective = method.Objective(setup);
        var plan = TinyTask.Plan with { Steps = 300, BatchSize = 32, LearningRate = 1e-2, Beta2 = 0.98, EmaDecay = 0.95 };
        using var network = TinyTask.Network();
        var stream = new BatchStream(TinyTask.Tokens(), Length, plan.BatchSize, RandomStream.Root(2));
        using (var trainer = new Trainer(network, objective, task.Training(stream), plan, RandomStream.Root(3), CPU))
            trainer.Run(new Recorder(), default);

        network.eval();
        var text = new EvaluationChunks(TinyTask.Tokens(Split.Test), Length, 64);
        var estimate = new Likelihood(objective, 4, RandomStream.Root(4), CPU).Of(network, task.Evaluation(text));
        Assert.Equal(64 * Length / 2, estimate.Targets);
        Assert.InRange(estimate.Nats, 0, 0.2);

        var request = task.Request(text, 64);
        var generator = new Generator(network, setup, method.Sampler, CPU) { Prompt = request.Prompt };
        var generation = generator.Generate(64, RandomStream.Root(5));
        var setting = new GenerationSetting(method.Sampler.Name, setup.Hyperschedule.Steps);
        Assert.InRange(Assert.Single(task.Evaluate(setting, request, generation.Sequences, RandomStream.Root(6))).Value, 0.9, 1);
    }

    /// <summary>The second half of a sequence is its first half, which is given.</summary>
    private sealed record Copy : ITask
    {
        public string Name => "copy";

        public ProcessFamily Family => ProcessFamily.Discrete;

        public string? Refuses(IMethod method) => method is NetworkMethod ? null : "copying takes a network";

        public string Condition(IMethod method) => "the first half is given";

        public IExamples Training(IExamples text) => Evaluation(text);

        public IExamples Evaluation(IExamples text) => new MadeExamples(text, Doubled);

        public GenerationRequest Request(IExamples text, int count)
        {
            var truth = Evaluation(text).Read(0, (int)Math.Min(count, text.Count));
            return new GenerationRequest(Prompt.Of(truth), truth);
        }

        public ImmutableArray<GenerationMetric> Evaluate(
            GenerationSetting setting, GenerationRequest request, IReadOnlyList<int[]> sequences, RandomStream draws) =>
            TokenAccuracy.Of(setting, request.Truth!, sequences, draws);

        private static ExampleBatch Doubled(ExampleBatch text)
        {
            int half = text.Length / 2;
            return text with
            {
                Tokens = [.. text.Tokens.Select((_, at) => text.Tokens[at - (at % text.Length) + (at % text.Length % half)])],
                Given = [.. text.Tokens.Select((_, at) => at % text.Length < half)],
            };
        }
    }
}
