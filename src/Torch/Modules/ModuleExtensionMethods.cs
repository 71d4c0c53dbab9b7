namespace TorchSharp;

/// <summary>Moves the parameters of a module and their gradients; they stay the same objects, so that an optimiser goes on knowing them.</summary>
public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module => Each(module, parameter => parameter.to(type, non_blocking: non_blocking));

    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module => Each(module, parameter => parameter.to(device, non_blocking: non_blocking));

    private static T Each<T>(T module, Func<torch.Tensor, torch.Tensor> move)
        where T : torch.nn.Module
    {
        using var recorded = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        foreach (var parameter in module.parameters())
        {
            var gradient = parameter.grad;
            parameter.TakeContents(move(parameter.detach()));
            if (gradient is not null)
                parameter.grad = move(gradient);
        }

        return module;
    }
}
