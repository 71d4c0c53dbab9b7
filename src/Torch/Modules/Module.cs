using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Parameters and modules by name. A name is the path from the root, joined by dots, as in PyTorch's state dictionaries.</summary>
        public class Module : IDisposable
        {
            private readonly List<(string name, Parameter parameter)> parameterList = [];
            private readonly List<(string name, Module module)> children = [];
            private readonly string title;

            protected Module(string name) => title = name;

            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => title;

            public virtual void register_parameter(string name, Parameter param)
            {
                if (parameterList.Exists(known => known.name == name))
                    throw new InvalidOperationException($"A parameter '{name}' is registered already.");
                param.DetachFromDisposeScope();
                parameterList.Add((name, param));
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (name.Length == 0 || name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"The module name '{name}' is empty or contains a dot, which separates the names of a path.", nameof(name));
                if (children.Exists(known => known.name == name))
                    throw new InvalidOperationException($"A module '{name}' is registered already.");
                children.Add((name, submodule));
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => children;

            /// <summary>Every parameter once, under the first of its names.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach (var entry in parameterList)
                {
                    if (seen.Add(entry.parameter))
                        yield return entry;
                }

                if (!recurse)
                    yield break;
                foreach (var (path, module) in children)
                {
                    foreach (var (inner, parameter) in module.named_parameters())
                    {
                        if (seen.Add(parameter))
                            yield return ($"{path}.{inner}", parameter);
                    }
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>The parameters themselves, by name.</summary>
            public virtual Dictionary<string, Tensor> state_dict() => named_parameters().ToDictionary(entry => entry.name, Tensor (entry) => entry.parameter, StringComparer.Ordinal);

            /// <summary>Copies values into the parameters; nothing is copied unless everything fits.</summary>
            /// <exception cref="InvalidOperationException">Names are missing or unexpected and <paramref name="strict"/> asks for all, or a shape differs.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true)
            {
                var own = state_dict();
                string[] missing = [.. own.Keys.Except(source.Keys)];
                string[] unexpected = [.. source.Keys.Except(own.Keys)];
                string[] shared = [.. own.Keys.Intersect(source.Keys)];
                var problems = shared
                    .Where(name => !own[name].shape.AsSpan().SequenceEqual(source[name].shape))
                    .Select(name => $"'{name}' is {own[name].Describe()} here and {source[name].Describe()} there");
                if (strict)
                    problems = problems.Concat(missing.Select(name => $"'{name}' is missing")).Concat(unexpected.Select(name => $"'{name}' is unknown"));
                var found = string.Join("; ", problems);
                if (found.Length > 0)
                    throw new InvalidOperationException($"The state does not fit the module: {found}.");
                using var recorded = no_grad();
                foreach (var name in shared)
                    own[name].copy_(source[name]);
                return (missing, unexpected);
            }

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
        public abstract class Module<T, TResult> : Module
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
