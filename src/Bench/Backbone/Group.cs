using static TorchSharp.torch.nn;

namespace Bench.Backbone;

/// <summary>A level in the path of parameter names, such as <c>blocks</c> in <c>blocks.0.norm1.weight</c>.</summary>
internal sealed class Group : Module
{
    /// <summary>Registers the members under their names.</summary>
    public Group(string name, params IEnumerable<(string Name, Module Module)> members)
        : base(name)
    {
        foreach (var (member, module) in members)
            register_module(member, module);
    }
}
