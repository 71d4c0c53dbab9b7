using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Bench.Tests.Torch;

public sealed class ModuleTests
{
    [Fact]
    public void Names_are_paths_from_the_root_in_the_order_of_registration()
    {
        using var network = new Network();
        Assert.Equal(["scale", "first.weight", "first.bias", "last.weight", "last.bias"], network.named_parameters().Select(entry => entry.name));
        Assert.Equal(["scale"], network.named_parameters(recurse: false).Select(entry => entry.name));
        Assert.Equal(["first", "last"], network.named_children().Select(entry => entry.name));
        Assert.Equal(5, network.parameters().Count());
        Assert.Equal("network", network.GetName());
    }

    [Fact]
    public void A_shared_parameter_is_listed_once_under_its_first_name()
    {
        using var tied = new Tied();
        Assert.Equal(["inner.weight", "inner.bias"], tied.named_parameters().Select(entry => entry.name));
    }

    [Fact]
    public void Parameters_outlive_the_scope_they_were_made_in_and_go_with_the_module()
    {
        Network network;
        using (NewDisposeScope())
            network = new Network();
        var all = network.parameters().ToArray();
        Assert.DoesNotContain(all, parameter => parameter.IsInvalid);
        network.Dispose();
        Assert.All(all, parameter => Assert.True(parameter.IsInvalid));
    }

    [Fact]
    public void Modules_are_called_and_learn_through_every_parameter()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        // Ones everywhere: first gives (2, 2), last 2 + 2 + 1, and scale is 2.
        TensorAssert.Close([10], network.call(ones(1, 1)), 1e-6);
        network.call(ones(1, 1)).sum().backward();
        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
        network.zero_grad(set_to_none: false);
        Assert.All(network.parameters(), parameter => Assert.Equal(0, parameter.grad!.abs().sum().ToDouble()));
        network.zero_grad();
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Training_mode_reaches_every_module()
    {
        using var network = new Network();
        Assert.True(network.training);
        network.eval();
        Assert.All(network.named_children(), child => Assert.False(child.module.training));
        network.train();
        Assert.All(network.named_children(), child => Assert.True(child.module.training));
    }

    [Fact]
    public void A_module_that_changes_its_type_keeps_its_parameters_and_their_gradients()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        var before = network.parameters().ToArray();
        network.call(ones(1, 1)).sum().backward();
        Assert.Same(network, network.to(float64).to(CPU));
        Assert.Equal(before, network.parameters());
        Assert.All(network.parameters(), parameter => Assert.Equal((float64, float64), (parameter.dtype, parameter.grad!.dtype)));
        network.call(ones(1, 1, float64)).sum().backward();
        Assert.Equal(10, network.state_dict()["scale"].grad!.ToDouble());
    }

    [Fact]
    public void Names_cannot_be_used_twice_nor_break_the_path()
    {
        using var network = new Network();
        using var other = new Affine(1, 1);
        Assert.Throws<InvalidOperationException>(() => network.register_module("first", other));
        Assert.Throws<InvalidOperationException>(() => network.register_parameter("scale", other.parameters().First()));
        Assert.Throws<ArgumentException>(() => network.register_module("a.b", other));
        Assert.Throws<ArgumentException>(() => network.register_module("", other));
    }

    [Fact]
    public void A_state_moves_from_one_module_to_another_of_its_kind()
    {
        using var scope = NewDisposeScope();
        using var source = new Network();
        using var target = new Network();
        using (no_grad())
        {
            foreach (var parameter in source.parameters())
                parameter.mul_(2);
        }

        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing);
        Assert.Empty(unexpected);
        TensorAssert.Close(TensorAssert.Values(source.call(ones(1, 1))), target.call(ones(1, 1)));
        Assert.True(target.state_dict()["scale"].requires_grad);
    }

    [Fact]
    public void A_state_that_does_not_fit_is_refused_with_every_reason_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        var state = network.state_dict().ToDictionary(entry => entry.Key, entry => zeros_like(entry.Value));
        state.Remove("first.bias");
        state["strange"] = zeros(1);
        state["last.weight"] = zeros(1);
        var message = Assert.Throws<InvalidOperationException>(() => network.load_state_dict(state)).Message;
        Assert.Contains("'first.bias' is missing", message, StringComparison.Ordinal);
        Assert.Contains("'strange' is unknown", message, StringComparison.Ordinal);
        Assert.Contains("'last.weight' is Float32[1, 2] here and Float32[1] there", message, StringComparison.Ordinal);
        Assert.Equal(2, network.state_dict()["scale"].ToDouble());
        Assert.Throws<InvalidOperationException>(() => network.load_state_dict(state, strict: false));
        state.Remove("last.weight");
        var (missing, unexpected) = network.load_state_dict(state, strict: false);
        Assert.Equal(["first.bias", "last.weight"], missing);
        Assert.Equal(["strange"], unexpected);
        Assert.Equal(0, network.state_dict()["scale"].ToDouble());
    }

    private sealed class Affine : Module<Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly Parameter bias;

        public Affine(int inputs, int outputs)
            : base("affine")
        {
            weight = new Parameter(ones(outputs, inputs));
            bias = nn.Parameter(ones(outputs));
            register_parameter("weight", weight);
            register_parameter("bias", bias);
        }

        public override Tensor forward(Tensor input) => functional.linear(input, weight, bias);
    }

    private sealed class Network : Module<Tensor, Tensor>
    {
        private readonly Parameter scale = new(full([], 2.0));
        private readonly Affine first = new(1, 2);
        private readonly Affine last = new(2, 1);

        public Network()
            : base("network")
        {
            register_parameter("scale", scale);
            register_module("first", first);
            register_module("last", last);
        }

        public override Tensor forward(Tensor input) => scale * last.call(first.call(input));
    }

    private sealed class Tied : Module<Tensor, Tensor>
    {
        private readonly Affine inner = new(1, 1);

        public Tied()
            : base("tied")
        {
            register_module("inner", inner);
            register_module("again", inner);
        }

        public override Tensor forward(Tensor input) => inner.call(inner.call(input));
    }
}
