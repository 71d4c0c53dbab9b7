using Bench.Attention;
using Bench.Backbone;
using Bench.Experiments.Definitions;
using Bench.Experiments.Planning;
using Bench.Methods;
using Bench.Numerics;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>What a run costs, by hand and by formula.</summary>
public sealed class RunCostTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    // 1 block of width 4, 1 head, 3 positions, logits of 2 of them over 5 tokens, no noise embedding.
    [Fact]
    public void A_forward_pass_by_hand() => Assert.Equal(
        (3 * 2 * 4 * 12)      // queries, keys and values of each position
        + (3 * 2 * 4 * 4)     // behind the attention
        + (3 * 2 * 4 * 16 * 2) // up and down in the MLP
        + (9 * 2 * 4 * 2)     // 3 x 3 scores, and as many weights times values
        + (2 * 2 * 4 * 5),    // the head
        new Pass(Slots: 3, Pairs: 9, Asked: 2, Conditioned: 0).Flops(
            new DditShape(5, Blocks: 1, Width: 4, Heads: 1, ConditionWidth: 1, Conditioning.Absent)));

    // Every matrix of the network but the embedding, times how often it is used.
    [Theory, InlineData(Conditioning.Absent), InlineData(Conditioning.Constant), InlineData(Conditioning.Sigma)]
    public void A_forward_pass_multiplies_by_every_matrix_of_the_network(Conditioning conditioning)
    {
        var shape = new DditShape(7, Blocks: 3, Width: 8, Heads: 2, ConditionWidth: 6, conditioning);
        using var network = new Ddit(shape, RandomStream.Root(1));
        double products = network.named_parameters()
            .Where(entry => entry.parameter.dim() == 2 && !entry.name.StartsWith("vocab_embed", StringComparison.Ordinal)).Sum(entry =>
            (double)entry.parameter.numel()
                * (entry.name.Contains("sigma_map", StringComparison.Ordinal) || entry.name.Contains("adaLN", StringComparison.Ordinal)
                    ? 2
                    : entry.name.StartsWith("output_layer", StringComparison.Ordinal) ? 11 : 20));
        Assert.Equal(2 * products, new Pass(Slots: 20, Pairs: 0, Asked: 11, Conditioned: 2).Flops(shape));
    }

    // PaLM's and Kaplan's rule: 6 N + 12 · blocks · width · length for each token, N without the embedding.
    [Fact]
    public void Training_a_GPT_takes_six_operations_a_parameter_and_token_and_its_attention()
    {
        var spec = place.Plan("ar").Spec;
        var shape = spec.Model!.Shape(spec.Data.Tokenizer.Vocabulary, ((NetworkMethod)spec.Method).View);
        double multiply = (12.0 * shape.Blocks * shape.Width * shape.Width) + (shape.Width * shape.Vocabulary);
        Assert.Equal(spec.TrainingTokens!.Value * ((6 * multiply) + (12.0 * shape.Blocks * shape.Width * spec.Data.Length)),
            RunCost.Of(spec).Training);
    }

    [Fact]
    public void Twice_the_steps_are_twice_the_training_and_nothing_else()
    {
        var (once, twice) = (Cost("mdlm"),
            Cost("mdlm",
                spec =>
                    spec with { Training = spec.Training! with { Steps = 2 * spec.Training.Steps,
                        ValidateEvery = 2 * spec.Training.ValidateEvery, LogEvery = 2 } }));
        Assert.Equal(2 * once.Training, twice.Training);
        Assert.Equal((2 * once.Tokens, once.Likelihood, once.Generation, once.Memory, once.Disk),
            (twice.Tokens, twice.Likelihood, twice.Generation, twice.Memory, twice.Disk));
    }

    [Fact]
    public void Twice_the_batch_is_twice_the_training_and_twice_the_activations()
    {
        var (once, twice) = (Cost("gamma-block"),
            Cost("gamma-block", spec => spec with { Training = spec.Training! with { BatchSize = 2 * spec.Training.BatchSize } }));
        Assert.Equal((2 * once.Training, 2 * once.Memory.Training, once.Memory.Weights),
            (twice.Training, twice.Memory.Training, twice.Memory.Weights));
    }

    [Fact]
    public void Twice_the_draws_are_twice_the_likelihood()
    {
        var (once, twice) = (Cost("mdlm", Quiet),
            Cost("mdlm", spec => Quiet(spec) with { Evaluation = spec.Evaluation with { Draws = 2 * spec.Evaluation.Draws } }));
        Assert.Equal(2 * once.Likelihood, twice.Likelihood);

        static RunSpec Quiet(RunSpec spec) => spec with { Training = spec.Training! with { ValidateEvery = 0 } };
    }

    [Fact]
    public void Blocks_are_trained_on_clean_and_noisy_text() =>
        Assert.InRange(Cost("bd3lm", Long).Training!.Value / Cost("mdlm", Long).Training!.Value, 2, 3); // positions twice, pairs four times

    [Fact]
    public void More_ways_to_generate_cost_more()
    {
        double once = Cost("mdlm").Generation;
        Assert.Equal(2 * once, Cost("mdlm", spec => spec with { Sampling = spec.Sampling with { Temperatures = [0.5] } }).Generation,
            1e-6 * once);
        Assert.InRange(Cost("mdlm", spec => spec with { Sampling = spec.Sampling with { StepCounts = [4] } }).Generation / once, 1.4, 1.6);
        Assert.Equal(0, Cost("mdlm", spec => spec with { Sampling = spec.Sampling with { Count = 0 } }).Generation);
    }

    [Fact]
    public void A_scoring_network_reads_the_generated_tokens()
    {
        var scorer = place.Plan("ar").Spec;
        var (without, with) = (Cost("ngram-2"), Cost("ngram-2", spec => spec with { Scorer = scorer }));
        Assert.Equal(0, without.Generation);
        Assert.True(with.Generation > 0);
    }

    [Fact]
    public void Counting_n_grams_multiplies_nothing()
    {
        var cost = Cost("ngram-2");
        Assert.Equal((null, 20_000, 0, 0), (cost.Parameters, cost.Tokens, cost.Training, cost.Likelihood));
    }

    // 85 million parameters multiply, for 512 sequences of 1024 tokens, clean and noisy: 6 N a position come to 5.3e14 an update, and
    // attention to a third of that.
    [Fact]
    public void The_published_network_has_a_price()
    {
        var cost = Cost("gamma-block", Published);
        Assert.InRange(cost.Training!.Value / cost.Steps!.Value, 6e14, 1e15);
        Assert.InRange(cost.Memory.Bytes, 1e12, 1e13);
        Assert.InRange(cost.Parameters!.Value, 80e6, 120e6);
        Assert.True(double.IsFinite(cost.Flops!.Value));
    }

    [Fact]
    public void The_steps_of_a_time_budget_are_unknown_before_training()
    {
        var (timed, counted) = (Cost("mdlm", Timed), Cost("mdlm", spec => Timed(spec).Taking(40)));
        Assert.Equal((null, null, null, null), (timed.Tokens, timed.Steps, timed.Training, timed.Flops));
        Assert.Equal((counted.Parameters, counted.Memory, counted.Generation, counted.DiskKept > 0),
            (timed.Parameters, timed.Memory, timed.Generation, timed.DiskKept > 0));
        Assert.InRange(timed.Likelihood, 1, counted.Likelihood); // without the looks at the validation text
        Assert.True(timed.Disk > counted.Disk); // a log of as many steps as there can be
        Assert.Equal(Cost("mdlm"), counted);

        static RunSpec Timed(RunSpec spec) =>
            spec with { Budget = new(Minutes: 15, WarmupSteps: null), Training = spec.Training! with { Steps = 0 } };
    }

    internal static RunSpec Published(RunSpec spec) => spec with
    {
        Data = spec.Data with { Length = 1024 },
        Model = new ModelSpec(Blocks: 12, Width: 768, Heads: 12, ConditionWidth: 128, Dropout: 0.1),
        Training = spec.Training! with { Steps = 1_000_000, BatchSize = 512 },
        Sampling = spec.Sampling with { Steps = 1024 },
    };

    private static RunSpec Long(RunSpec spec) => spec with { Data = spec.Data with { Length = 64 } };

    private RunCost Cost(string method, Func<RunSpec, RunSpec>? change = null)
    {
        var spec =
            place.Read(Workplace.Experiment.Replace("[ngram-1, ngram-2, ar, mdlm]", $"[{method}]", StringComparison.Ordinal)).Runs.Single();
        return RunCost.Of(change?.Invoke(spec) ?? spec, new TextSize(20_000, 4_000, 4_000));
    }
}
