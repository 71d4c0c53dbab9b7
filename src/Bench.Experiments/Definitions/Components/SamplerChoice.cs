using Bench.Backbone;
using Bench.Methods;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Definitions.Components;

/// <summary>Which samplers can be used with the network of a method: those that read its outputs as what they are.</summary>
internal static class SamplerChoice
{
    /// <summary>The sampler with what is known of the method's outputs.</summary>
    public static ISampler For(NetworkMethod method, ISampler asked) => (method.Sampler, asked) switch
    {
        (Analytic own, Analytic) => own,
        (Analytic own, Euler) => new Euler(own.ScaledBySigma),
        _ => asked,
    };

    /// <summary>A sampler by name, as it is for the method; null where it is not made for the method along that hyperschedule.</summary>
    public static ISampler? Find(NetworkMethod method, string name, DiffusionSetup setup) =>
        SamplerTable.Find(name) is { } found && For(method, found) is var sampler
            && Misreads(method, sampler) is null && sampler.Misfit(setup) is null ? sampler : null;

    /// <summary>Why the sampler cannot read what the method's network says; null where it can.</summary>
    public static string? Misreads(NetworkMethod method, ISampler asked) =>
        method.Sampler.Reads == asked.Reads ? null : $"it reads {asked.Reads}, but the network of {method.Name} was trained to output {method.Sampler.Reads}";
}
