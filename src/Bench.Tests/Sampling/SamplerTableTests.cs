using Bench.Sampling;
using Bench.Sampling.Samplers;
using Xunit;

namespace Bench.Tests.Sampling;

public sealed class SamplerTableTests
{
    [Fact]
    public void Every_name_of_the_table_is_a_samplers() => Assert.All(SamplerTable.Names, name =>
    {
        Assert.NotNull(SamplerTable.Find(name));
        Assert.Null(SamplerTable.Problem(name));
    });

    [Fact]
    public void Every_sampler_has_a_row() =>
        Assert.Empty(
            EverySampler.All.Select(sampler => sampler.GetType())
                .Except(SamplerTable.Names.Select(name => SamplerTable.Find(name)!.GetType())));

    [Fact]
    public void Every_sampler_has_its_own_name()
    {
        Assert.Equal(SamplerTable.Names.Count, SamplerTable.Names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(SamplerTable.Rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Summary)));
        Assert.Equal(new LeastConfidentCorrection(0.25), SamplerTable.Find("acs-confident-0.25"));
        Assert.Equal(new AdaptiveCorrection(0.25), SamplerTable.Find("acs-0.25"));
        Assert.Equal(new EntropyBounded(1.5), SamplerTable.Find("entropy-bounded-1.5"));
        Assert.Equal(new ByConfidence(ConfidenceOrder.Entropy), SamplerTable.Find("entropy"));
        Assert.Equal(new ReMdmLoop(0.02), SamplerTable.Find("remdm-loop-0.02"));
        Assert.Equal(new Psi(1e-3), SamplerTable.Find("psi-1e-3"));
    }

    [Theory]
    [InlineData("acs-1.5", "sampler 'acs-1.5': eta is 1.5, but it lies in [0, 1]; acs-0.25 would do")]
    [InlineData("acs", "sampler 'acs' needs eta behind its name, such as acs-0.25")]
    [InlineData("acs-", "sampler 'acs-' needs eta behind its name, such as acs-0.25")]
    [InlineData("acs-much", "sampler 'acs-much' needs eta behind its name, such as acs-0.25")]
    [InlineData("psi-NaN", "sampler 'psi-NaN' needs the predictor's share behind its name, such as psi-0.9")]
    [InlineData("entropy-bounded--1",
        "sampler 'entropy-bounded--1': gamma is -1, but it lies at 0 or above, in nats; entropy-bounded-0.5 would do")]
    public void A_wrong_number_is_reported(string name, string problem)
    {
        Assert.Null(SamplerTable.Find(name));
        Assert.Equal(problem, SamplerTable.Problem(name));
    }

    [Fact]
    public void An_unknown_name_of_a_sampler_is_reported()
    {
        Assert.Null(SamplerTable.Find("langevin"));
        Assert.Null(SamplerTable.Find("margin-3"));
        Assert.Equal("there is no sampler 'langevin'", SamplerTable.Problem("langevin"));
    }
}
