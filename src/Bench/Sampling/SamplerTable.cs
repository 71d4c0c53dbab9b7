namespace Bench.Sampling;

/// <summary>Stand-in.</summary>
public static class SamplerTable
{
    public static IReadOnlyList<(string Name, string Is)> Names { get; } = [("ancestral", "the posterior step"), ("remdm-cap-0.04", "")];

    public static ISampler? Find(string name) => name == "ancestral" ? new Ancestral() : name == "remdm-cap-0.04" ? new ReMdm(0.04) : null;
}
