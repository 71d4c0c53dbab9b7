using Bench.Sampling;

namespace Bench.Experiments;

/// <summary>Samplers by name.</summary>
public static class SamplerTable
{
    private static readonly Dictionary<string, ISampler> All = new(StringComparer.Ordinal)
    {
        ["ancestral"] = new Ancestral(),
        ["analytic"] = new Analytic(ScaledBySigma: false),
        ["euler"] = new Euler(ScaledBySigma: false),
        ["remdm-cap-0.04"] = new ReMdm(0.04),
    };

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names => [.. All.Keys];

    /// <summary>The sampler of a name, or null.</summary>
    public static ISampler? Find(string name) => All.GetValueOrDefault(name);
}
