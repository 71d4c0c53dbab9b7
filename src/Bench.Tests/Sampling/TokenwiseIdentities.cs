using Bench.Backbone;
using Bench.Noise;
using Bench.Numerics;
using Bench.Sampling;
using Bench.Sampling.Samplers;
using Bench.Tests.Golden;
using Bench.Tests.Objectives;
using Xunit;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Sampling;

/// <summary>Identities of the exact distribution of every sampler whose tokens move independently, found by reflection.</summary>
public sealed class TokenwiseIdentities
{
    private const int Count = 10_000;

    // Total variation between a distribution of 27 outcomes and 10,000 draws from it has a mean below 0.021 and a standard deviation below
    // 0.003: five of them above the mean, one false alarm in a million.
    private const double Allowed = 0.036;

    private static readonly ITokenwise[] All = [.. EverySampler.All.OfType<ITokenwise>()];

    public static TheoryData<int, string> Samplers()
    {
        var data = new TheoryData<int, string>();
        foreach (var (index, sampler) in All.Index())
            data.Add(index, sampler.Name);
        return data;
    }

    [Theory, MemberData(nameof(Samplers))]
    public void Sequences_are_drawn_from_the_distribution_of_move_probabilities_and_weights(int index, string name)
    {
        foreach (var setup in EverySampler.Setups(All[index], 3).Where(setup => !setup.Hyperschedule.NeedsContext))
        {
            double[] distribution = ExactDenoiser.Of(All[index], new ToyDenoiser(), setup);
            Close.Assert(1, distribution.Sum(), 1e-12, name);
            Assert.InRange(ExactDenoiser.Distance(distribution, Frequencies(All[index], setup)), 0, Allowed);
        }
    }

    [Theory, MemberData(nameof(Samplers))]
    public void The_share_of_masks_keeps_to_its_schedule(int index, string name)
    {
        var sampler = All[index];
        foreach (var setup in EverySampler.Setups(sampler, 3))
        {
            for (int step = 0; step < setup.Hyperschedule.Steps && !setup.Hyperschedule.NeedsContext; step++)
            {
                double now = setup.Hyperschedule.TimeAt(step, 0), next = setup.Hyperschedule.TimeAt(step + 1, 0);
                var (s, t) = sampler is ReMdmLoop loop ? (loop.At(next), loop.At(now)) : (setup.At(next), setup.At(now));
                if (t.Mask == 0 || setup.Process.Chain != Chain.MaskAbsorbs)
                    continue; // there is nothing to keep, or what is drawn may be a mask
                var masked = sampler.ProbabilitiesOf(new TokenState(setup, step, setup.Vocabulary.MaskId, s, t));
                var visible = sampler.ProbabilitiesOf(new TokenState(setup, step, 0, s, t));
                Assert.InRange(visible.Masked + visible.Drawn, 0, 1 + 1e-12);
                Close.Assert(s.Mask, (t.Mask * (1 - masked.Drawn)) + ((1 - t.Mask) * visible.Masked), 1e-12, name);
            }
        }
    }

    [Theory, MemberData(nameof(Samplers))]
    public void With_absorbing_noise_independent_positions_keep_their_distribution_for_any_number_of_steps(int index, string name)
    {
        double[] distribution = [0.5, 0.3, 0.2];
        foreach (var setup in EverySampler.Setups(All[index], 3).Where(setup => setup.Process is Absorbing))
            Close.Assert([.. AllStrings.Of(3, 3).Select(x => x.Aggregate(1.0, (p, token) => p * distribution[token]))],
                ExactDenoiser.Of(All[index], new FixedDenoiser(distribution), setup), 1e-12, name);
    }

    public static TheoryData<string> WithoutCorrection() => ["remdm-cap-0", "remdm-rescale-0", "acs-0", "psi-1"];

    [Theory, MemberData(nameof(WithoutCorrection))]
    public void Without_correction_the_exact_distribution_is_the_ancestral_one(string name)
    {
        var sampler = (ITokenwise)SamplerTable.Find(name)!;
        foreach (var setup in EverySampler.Setups(sampler, 3))
            Close.Assert(ExactDenoiser.Of(new Ancestral(), new ToyDenoiserOf(3), setup),
                ExactDenoiser.Of(sampler, new ToyDenoiserOf(3), setup), 1e-13, name);
    }

    [Theory, MemberData(nameof(WithoutCorrection)), InlineData("acs-confident-0"), InlineData("remask"), InlineData("mdlm-cached")]
    public void Without_correction_even_the_sequences_are_the_ancestral_ones(string name)
    {
        // With the same random numbers, whatever they are, so that the distributions are the same, too.
        var sampler = SamplerTable.Find(name)!;
        foreach (bool conditioned in new[] { true, false })
        {
            foreach (var setup in EverySampler.Setups(sampler, 4, conditioned))
            {
                int[][] Draw(ISampler drawing) => drawing.Generate(new ToyDenoiser(), setup, 100, RandomStream.Root(6)).Sequences;
                Assert.Equal(Draw(new Ancestral()), Draw(sampler));
            }
        }
    }

    private static double[] Frequencies(ISampler sampler, DiffusionSetup setup)
    {
        var frequencies = new double[27];
        foreach (int[] x in sampler.Generate(new ToyDenoiser(), setup, Count, RandomStream.Root(7)).Sequences)
            frequencies[(x[0] * 9) + (x[1] * 3) + x[2]] += 1.0 / Count;
        return frequencies;
    }
}
