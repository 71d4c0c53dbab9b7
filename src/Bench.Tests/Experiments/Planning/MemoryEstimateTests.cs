using Bench.Experiments.Planning;
using Xunit;

namespace Bench.Tests.Experiments.Planning;

/// <summary>The estimate beside what processes of one run each have held: peak resident memory, libtorch 1.13 on two x86 cores.</summary>
public sealed class MemoryEstimateTests
{
    private const double Tolerance = 0.20;

    // Method, blocks, width, heads, length, batch, precision, tokens, sequences measured, MiB.
    [Theory]
    [InlineData("mdlm", 1, 16, 1, 16, 1, "bf16", 8, 2, 226)]
    [InlineData("mdlm", 2, 64, 4, 128, 8, "bf16", 8, 2, 251)]
    [InlineData("mdlm", 4, 128, 4, 128, 32, "bf16", 8, 2, 446)]
    [InlineData("mdlm", 4, 256, 8, 128, 32, "bf16", 8, 2, 685)]
    [InlineData("mdlm", 2, 128, 4, 512, 8, "bf16", 8, 2, 431)]
    [InlineData("mdlm", 2, 128, 8, 512, 8, "bf16", 8, 2, 497)]
    [InlineData("ar", 4, 256, 8, 256, 16, "bf16", 8, 2, 694)]
    [InlineData("bd3lm", 4, 128, 4, 128, 32, "bf16", 8, 2, 731)]
    [InlineData("ar", 8, 512, 8, 128, 4, "bf16", 8, 2, 944)]
    [InlineData("mdlm", 4, 256, 8, 128, 32, "float32", 8, 2, 938)]
    [InlineData("gamma-block", 2, 256, 4, 256, 8, "bf16", 8, 2, 648)]
    [InlineData("mdlm", 2, 128, 4, 256, 1, "bf16", 8, 64, 660)]
    [InlineData("epsilon", 2, 512, 8, 128, 32, "bf16", 8, 2, 792)]
    [InlineData("mdlm", 2, 64, 2, 128, 64, "bf16", 250, 2, 373)]
    [InlineData("gamma", 2, 64, 2, 128, 64, "bf16", 250, 2, 441)]
    [InlineData("gamma", 2, 64, 2, 128, 1, "bf16", 250, 64, 355)]
    [InlineData("ar", 2, 64, 2, 128, 64, "bf16", 250, 2, 382)]
    [InlineData("mdlm", 2, 256, 4, 64, 1, "bf16", 8, 64, 420)]
    [InlineData("mdlm", 2, 64, 8, 512, 1, "bf16", 8, 64, 1587)]
    [InlineData("ar", 2, 64, 2, 128, 32, "bf16", 8, 2, 288)]
    [InlineData("mdlm", 2, 64, 2, 128, 32, "bf16", 8, 2, 293)]
    [InlineData("gamma", 2, 64, 2, 128, 32, "bf16", 8, 2, 298)]
    [InlineData("epsilon", 4, 128, 4, 128, 64, "bf16", 8, 2, 564)]
    [InlineData("gamma-slide", 2, 128, 4, 128, 16, "bf16", 8, 2, 423)]
    [InlineData("bd3lm", 2, 128, 4, 256, 1, "bf16", 8, 64, 1592)]
    public void Networks_have_held_about_as_much(string method, int blocks, int width, int heads, int length, int batch, string precision,
        int tokenCount, int sequences, double mebibytes)
    {
        using var place = new Workplace();
        var spec = Assert.Single(place.Read($$"""
            name: memory
            data: { corpus: markov-{{tokenCount}}-1-3-1, length: {{length}} }
            methods: [{{method}}]
            model: { blocks: {{blocks}}, width: {{width}}, heads: {{heads}}, condition-width: 64, dropout: 0 }
            training: { steps: 2, batch-size: {{batch}}, precision: {{precision}} }
            evaluation: { sequences: {{sequences}}, draws: 1, splits: [test] }
            sampling: { count: 0 }
            """).Runs);
        Assert.Equal(mebibytes, MemoryEstimate.Of(spec, new TextSize(1_000_000, 100_000, 100_000)).Bytes / (1 << 20),
            Tolerance * mebibytes);
    }

    [Fact]
    public void The_largest_batch_that_fits_fits_and_the_next_one_does_not()
    {
        using var place = new Workplace();
        var spec = RunCostTests.Published(place.Plan("mdlm").Spec);
        const double Bytes = 200e9;
        long batch = Assert.NotNull(MemoryEstimate.Of(spec, null).BatchThatFits(Bytes));
        Assert.InRange(batch, 2, 511);
        Assert.True(With(batch) <= Bytes);
        Assert.True(With(batch + 1) > Bytes);

        double With(long size) => MemoryEstimate.Of(spec with { Training = spec.Training! with { BatchSize = (int)size } }, null).Bytes;
    }
}
