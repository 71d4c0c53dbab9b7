using Bench.Data;
using Bench.Data.Tokens;
using Bench.Methods;
using Bench.Metrics;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Results.Metrics;
using Bench.Tasks;
using Bench.Tasks.Infilling;
using Bench.Tasks.TextGeneration;
using Bench.Tests.Golden;
using Bench.Tests.Metrics;
using Bench.Tests.Training;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Tasks;

public sealed class InfillingTests
{
    private static EvaluationChunks Chunks => new(TinyTask.Tokens(Split.Test), 8, 40);

    public static TheoryData<GivenPart, double, int> Parts() => new()
    {
        { GivenPart.Prefix, 0.5, 4 },
        { GivenPart.Prefix, 0.01, 1 },
        { GivenPart.Middle, 0.4, 3 }, { GivenPart.Random, 0.25, 2 }, { GivenPart.Random, 0.99, 7 },
    };

    [Theory, MemberData(nameof(Parts))]
    public void A_share_of_each_example_is_given(GivenPart part, double share, int count)
    {
        var examples = new InfillingTask(part, share).Evaluation(Chunks);
        var batch = examples.Read(0, 40);
        Assert.Equal(Chunks.Read(0, 40).Tokens, batch.Tokens);
        string[] given = [.. batch.Given!.Chunk(8).Select(row => string.Concat(row.Select(flag => flag ? 'x' : '.')))];
        Assert.All(given, mask => Assert.Equal(count, mask.Count(position => position == 'x')));
        Assert.Equal(part == GivenPart.Random, given.Distinct().Count() > 1);
        if (part == GivenPart.Prefix)
            Assert.Equal(new string('x', count).PadRight(8, '.'), given[0]);
        if (part == GivenPart.Middle)
            Assert.Equal("xx.....x", given[0]);
        // The given part depends on the example, not on its batch.
        Assert.Equal(batch.Given![(7 * 8)..(9 * 8)], examples.Read(7, 2).Given);
    }

    [Fact]
    public void Training_gives_the_part_only_with_that_option()
    {
        var stream = new BatchStream(TinyTask.Tokens(), 8, 4, RandomStream.Root(1));
        Assert.Null(new InfillingTask(GivenPart.Prefix, 0.5).Training(stream).Read(0, 4).Given);
        var training = new InfillingTask(GivenPart.Prefix, 0.5, TrainsGiven: true).Training(stream);
        Assert.Equal(16, training.Read(0, 4).Given!.Count(given => given));
    }

    [Fact]
    public void After_a_given_prefix_the_bound_of_the_exact_distribution_is_its_conditional_likelihood()
    {
        var source = TinyTask.Corpus.Source;
        var examples = new InfillingTask(GivenPart.Prefix, 0.5).Evaluation(Chunks);
        var estimate = new Likelihood(new NextToken(4), 1, RandomStream.Root(1), CPU).Of(new MarkovOracle(source, shifted: true), examples);
        double nats = 0;
        for (int i = 0; i < 40; i++)
            nats += source.LogLikelihood(Chunks.Read(i).AsSpan(0, 4)) - source.LogLikelihood(Chunks.Read(i));
        Assert.Equal(4 * 40, estimate.Targets);
        Close.Assert(nats / estimate.Targets, estimate.Nats, 1e-9);
    }

    [Fact]
    public void The_request_holds_the_given_part_and_the_recovered_share_of_the_rest_is_measured()
    {
        var task = new InfillingTask(GivenPart.Middle, 0.5);
        var request = GenerationRequest.Of(task.Evaluation(Chunks), 3);
        var truth = request.Truth!;
        for (int at = 0; at < truth.Tokens.Length; at++)
            Assert.Equal(truth.IsGiven(at) ? (int?)truth.Tokens[at] : null, request.Prompt.At(at / 8, at % 8));

        int[][] found = [.. Enumerable.Range(0, 3).Select(row => Array.ConvertAll(truth.Row(row).ToArray(), token => (int)token))];
        found[1][3] = (found[1][3] + 1) % 4;
        found[2][2] = found[2][5] = 4;
        var accuracy = Assert.Single(TokenAccuracy.Of(new GenerationSetting("any", 8), truth, found, RandomStream.Root(1)));
        Assert.Equal((InfillingMetrics.TokenAccuracy.Name, 9 / 12.0), (accuracy.Name, accuracy.Value));
        Assert.InRange(accuracy.StandardError!.Value, 0.05, 0.3);
    }

    [Fact]
    public void Methods_without_a_network_are_refused_and_left_to_right_ones_name_their_missing_context()
    {
        var task = new InfillingTask(GivenPart.Middle, 0.5);
        foreach (var method in MethodTable.All)
        {
            Assert.Equal(method is NetworkMethod, task.Refuses(method) is null);
            Assert.Null(new TextGenerationTask().Refuses(method));
        }

        Assert.DoesNotContain("not seen", task.Condition(MethodTable.Find("mdlm")!, 8));
        Assert.Contains("not seen", task.Condition(MethodTable.Find("ar")!, 8));
        Assert.Contains("not seen", task.Condition(MethodTable.Find("gamma-block")!, 64));
        Assert.DoesNotContain("not seen", task.Condition(MethodTable.Find("gamma-block")!, 4)); // one block
        Assert.DoesNotContain("not seen", new InfillingTask(GivenPart.Prefix, 0.5).Condition(MethodTable.Find("ar")!, 8));
    }
}
