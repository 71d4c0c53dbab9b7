using Bench.Methods;
using Bench.Models;
using Bench.Sampling;

namespace Bench.Experiments.Generating;

/// <summary>Which samplers can be used with the network of a method: those that read its outputs as what they are.</summary>
internal static class SamplerChoice
{
    /// <summary>What networks may say.</summary>
    public const string Scores = "scores", Masks = "laws that count the mask", Words = "laws of the clean word";

    /// <summary>The sampler with what is known of the method's outputs.</summary>
    public static ISampler For(NetworkMethod method, ISampler asked) => (method.Sampler, asked) switch
    {
        (Analytic own, Analytic) => own,
        (Analytic own, Euler) => new Euler(own.ScaledBySigma),
        _ => asked,
    };

    /// <summary>A sampler by name, as it is for the method; null where it is not made for the method along that hyperschedule.</summary>
    public static ISampler? Find(NetworkMethod method, string name, Denoising problem) =>
        SamplerTable.Find(name) is { } found && For(method, found) is var sampler && Misreads(method, sampler) is null && sampler.Refuses(problem) is null ? sampler : null;

    /// <summary>Why the sampler cannot read what the method's network says; null where it can.</summary>
    public static string? Misreads(NetworkMethod method, ISampler asked)
    {
        var (said, read) = (Outputs(method.Sampler), Outputs(asked));
        return said == read ? null : $"it reads {read}, but the network of {method.Name} was trained to say {said}";
    }

    /// <summary>What a sampler takes a network's outputs for.</summary>
    public static string Outputs(ISampler sampler) => sampler switch
    {
        Analytic or Euler => Scores,
        D3pmAncestral => Masks,
        _ => Words,
    };
}
