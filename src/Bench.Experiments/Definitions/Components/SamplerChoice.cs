using System.Text.Json.Nodes;
using Bench.Backbone;
using Bench.Experiments.Definitions.Keys;
using Bench.Experiments.Definitions.Yaml;
using Bench.Methods;
using Bench.Results;
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
        method.Sampler.Reads == asked.Reads
            ? null
            : $"it reads {asked.Reads}, but the network of {method.Name} was trained to output {method.Sampler.Reads}";
}

/// <summary>A sampler by its name in definitions.</summary>
internal sealed class SamplerKind : Kind<string>
{
    /// <inheritdoc/>
    public override string Expected => "a sampler such as acs-0.25; `bench sample --help` lists them";

    /// <inheritdoc/>
    public override JsonObject Schema() =>
        new() { ["type"] = "string", ["examples"] = new JsonArray([.. SamplerTable.Names.Select(name => JsonValue.Create(name))]) };

    /// <inheritdoc/>
    public override bool TryRead(Node node, string path, Diagnostics report, out string value)
    {
        if (node is not Scalar { IsNothing: false } scalar)
            return Refuse(node, path, report, out value);
        value = scalar.Text;
        if (SamplerTable.Problem(value) is not { } problem)
            return true;
        report.Add(node, $"{path}: {problem}", Spelling.Advice(value, SamplerTable.Names, "samplers"));
        return false;
    }
}
