using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Parameters and modules by name. A name is the path from the root, joined by dots, as in PyTorch's state dictionaries.</summary>
        public class Module(string name) : IDisposable
        {
            private readonly List<(string name, Parameter parameter)> parameterList = [];
            private readonly List<(string name, Module module)> children = [];

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => name;

            public virtual void register_parameter(string name, Parameter param)
            {
                if (parameterList.Exists(known => known.name == name))
                    throw new ArgumentException($"A parameter '{name}' is registered already.", nameof(name));
                param.DetachFromDisposeScope();
                parameterList.Add((name, param));
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (children.Exists(known => known.name == name))
                    throw new ArgumentException($"A module '{name}' is registered already.", nameof(name));
                children.Add((name, submodule));
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => children;

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                foreach (var entry in parameterList)
                    yield return entry;
                if (!recurse)
                    yield break;
                foreach (var (path, module) in children)
                {
                    foreach (var (inner, parameter) in module.named_parameters())
                        yield return ($"{path}.{inner}", parameter);
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, module) in children)
                    module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                        continue;
                    }

                    using var gradient = parameter.grad;
                    gradient?.zero_();
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var (_, parameter) in parameterList)
                    parameter.Dispose();
                foreach (var (_, module) in children)
                    module.Dispose();
            }
        }

        /// <summary>A module that maps one value to another.</summary>
        public abstract class Module<T, TResult>(string name) : Module(name)
        {
            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
