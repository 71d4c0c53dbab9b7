using Bench.Backbone;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Objectives;
using static TorchSharp.torch;

namespace Bench.Tests.Objectives;

/// <summary>Expectations of the bound, by enumeration of all corruptions instead of draws.</summary>
internal static class ExactBound
{
    /// <summary>Nats of a sequence along the steps of the hyperschedule, prior included.</summary>
    public static double InSteps(IDenoiser network, DiffusionSetup setup, long[] x, bool[]? given = null)
    {
        // Levels in cells that are all alike: no phase of any clock changes within one.
        int cells = setup.Hyperschedule.Depth * setup.Hyperschedule.Length * setup.Hyperschedule.Steps;
        var groups = Enumerable.Range(0, cells).Select(cell => setup.Hyperschedule.Draw((cell + 0.5) / cells, _ => 0.5, continuous: false))
            .GroupBy(draw => string.Join(' ', draw.Steps)).ToArray();
        double diffusion = groups.Sum(group => (double)group.Count() / cells
            * At(new Nelbo(setup, Continuous: false).Of, network, setup, x, group.First(), given: given));
        return diffusion + (x.Where((_, i) => given?[i] != true).Count() * new Nelbo(setup, Continuous: false).Constants.Prior);
    }

    /// <summary>Expectation of an objective at given noise times.</summary>
    public static double At(
        Func<IDenoiser, NoisyBatch, Device, Tensor> objective,
        IDenoiser network,
        DiffusionSetup setup,
        long[] x,
        LevelDraw draw,
        Marginal? noise = null,
        bool[]? given = null)
    {
        using var scope = NewDisposeScope();
        int tokenCount = setup.Vocabulary.TokenCount;
        Marginal[] marginals = [.. draw.Times.Select(time => noise ?? setup.At(time))];
        var rows = AllStrings.Of(tokenCount + 1, x.Length)
            .Select(
                z => (Z: z,
                    P: z.Select((token, i) => marginals[i].Probability((int)token, (int)x[i], tokenCount)).Aggregate((p, q) => p * q)))
                        .Where(row => row.P > 0).ToArray();
        var clean = new ExampleBatch([.. rows.SelectMany(_ => x)], new long[rows.Length])
        {
            Given = given is null ? null : [.. rows.SelectMany(_ => given)],
        };
        var batch = NoisyBatch.Of(setup, clean, [.. rows.SelectMany(row => row.Z)], [.. Enumerable.Repeat(draw, rows.Length)]);
        double[] nats = objective(network, batch, CPU).sum([1]).data<double>().ToArray();
        return rows.Zip(nats, (row, value) => row.P * value).Sum();
    }
}
