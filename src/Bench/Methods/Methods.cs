using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;
using Bench.Sampling;

namespace Bench.Methods;

/// <summary>All methods on one page. A new method is a new row.</summary>
public static class MethodTable
{
    // Nothing is left clean at t = 1, so that the bound has no missing term and the sampler starts where training ended.
    private static readonly LogLinear Full = new(Epsilon: 0);

    private static readonly BackboneView Aligned = new(Shifted: false, Attention.Full, Conditioning.Constant);

    /// <summary>The rows, baselines first.</summary>
    public static IReadOnlyList<IMethod> All { get; } =
    [
        .. Enumerable.Range(1, 6).Select(order => new NGram(order)),

        new NetworkMethod(
            "ar", "AR (GPT)", "Radford et al. 2018",
            new Absorbing(), Full,
            (length, _) => Hyperschedule.Autoregressive(length),
            problem => new NextToken(problem.Words.MaskId),
            new BackboneView(Shifted: true, Attention.Causal, Conditioning.Absent),
            new Ancestral()),

        new NetworkMethod(
            "mdlm", "MDLM", "Sahoo et al. 2024, arXiv 2406.07524",
            new Absorbing(), Full,
            Hyperschedule.Flat,
            problem => new MaskedNelbo(problem),
            Aligned,
            new Ancestral()),
    ];

    /// <summary>The row of that name, or null.</summary>
    public static IMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
