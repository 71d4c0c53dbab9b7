using TorchSharp;
using TorchSharp.Native;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>The boxed call itself: every kind of argument and result, and what an error says.</summary>
public sealed class OperatorTests
{
    [Fact]
    public void Lists_may_be_empty_or_long()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([], Operator.Tensor("zeros", Array.Empty<long>()).shape);
        TensorAssert.Close([6], Operator.Tensor("sum.dim_IntList", arange(4), new long[] { 0 }));
        Tensor[] many = [.. Enumerable.Range(0, 500).Select(i => tensor((double)i))];
        TensorAssert.Close([.. Enumerable.Range(0, 500).Select(i => (double)i)], stack(many));
        Assert.Contains("non-empty", Assert.Throws<TorchException>(() => cat([])).Message, StringComparison.Ordinal);
        long[] ones64 = [.. Enumerable.Repeat(1L, 63)];
        Assert.Equal(ones64, Operator.Tensor("zeros", ones64).shape);
    }

    [Fact]
    public void Lists_of_numbers_with_a_fraction_are_passed()
    {
        using var scope = NewDisposeScope();
        var twice = Operator.Tensor("upsample_nearest1d.vec", tensor([1.0, 2], [1, 1, 2]), Argument.Default, new[] { 2.0 });
        TensorAssert.Close([1, 1, 2, 2], twice);
    }

    [Fact]
    public void Optional_tensors_may_be_missing()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 3], [1, 2]);
        TensorAssert.Close([4], Operator.Tensor("linear", x, ones([1, 2], float64), (Tensor?)null));
        TensorAssert.Close([4], Operator.Tensor("linear", x, ones([1, 2], float64)));
        TensorAssert.Close([-1, 1], Operator.Tensor("layer_norm", x, new[] { 2L }, (Tensor?)null, Argument.Default, 0.0));
    }

    [Fact]
    public void Texts_of_any_length_are_passed()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([5.5], Operator.Tensor("div.Tensor_mode", tensor(11.0), tensor(2.0), Argument.None));
        TensorAssert.Close([5], Operator.Tensor("div.Tensor_mode", tensor(11.0), tensor(2.0), "floor"));
        string odd = string.Concat(Enumerable.Repeat("ü", 3000));
        var message = Assert.Throws<TorchException>(() => Operator.Tensor("div.Tensor_mode", tensor(11.0), tensor(2.0), odd)).Message;
        Assert.Contains($"but found '{odd}'", message, StringComparison.Ordinal);
        Assert.Throws<TorchException>(() => Operator.Tensor("div.Tensor_mode", tensor(11.0), tensor(2.0), ""));
    }

    [Fact]
    public void Tuples_and_lists_come_back_as_arrays()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(3, Operator.Tensors("native_layer_norm", zeros(2, 4), new[] { 4L }, Argument.None, Argument.None, 1e-5).Length);
        Assert.Equal(17, Operator.Tensors("unbind.int", zeros(17), 0L).Length);
        Assert.Empty(Operator.Tensors("unbind.int", zeros([0]), 0L));
    }

    [Fact]
    public void Numbers_come_back_in_their_kind()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(Tag.Integer, Operator.Number("item", tensor(3L)).Tag);
        Assert.Equal(Tag.Real, Operator.Number("item", tensor(3.0)).Tag);
        Assert.Equal(Tag.Bool, Operator.Number("equal", tensor(3.0), tensor(3.0)).Tag);
    }

    [Fact]
    public void A_result_of_another_kind_than_asked_for_is_an_error()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("returns 5 values", Assert.Throws<TorchException>(() => Operator.Tensor("unbind.int", zeros(5), 0L)).Message, StringComparison.Ordinal);
        Assert.Contains("Real", Assert.Throws<TorchException>(() => Operator.Tensor("item", zeros(1))).Message, StringComparison.Ordinal);
        Assert.Contains("Tensor", Assert.Throws<TorchException>(() => Operator.Number("sum", zeros(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_names_the_operator_the_shapes_and_what_libtorch_said()
    {
        using var scope = NewDisposeScope();
        var message = Assert.Throws<TorchException>(() => zeros(2, 3).matmul(zeros(4, 5, float64))).Message;
        Assert.StartsWith("aten::matmul(Float32[2, 3], Float64[4, 5]): ", message, StringComparison.Ordinal);
        message = Assert.Throws<TorchException>(() => cat([zeros(2, 3), zeros(2)], 1)).Message;
        Assert.StartsWith("aten::cat([Float32[2, 3], Float32[2]], 1): ", message, StringComparison.Ordinal);
        message = Assert.Throws<TorchException>(() => zeros(2).view(3)).Message;
        Assert.Contains("shape '[3]' is invalid for input of size 2", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception raised from", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_operator_is_named_with_the_version_that_lacks_it()
    {
        var message = Assert.Throws<TorchException>(() => Operator.Tensor("no_such.thing")).Message;
        Assert.Contains("aten::no_such.thing", message, StringComparison.Ordinal);
        Assert.Contains($"libtorch {__version__}", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_missing_and_unfit_arguments_are_refused()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1);
        Assert.Contains("takes 1 arguments, not 2", Assert.Throws<TorchException>(() => Operator.Tensor("neg", x, 1L)).Message, StringComparison.Ordinal);
        Assert.Contains("'other' is missing", Assert.Throws<TorchException>(() => Operator.Tensor("add.Tensor", x)).Message, StringComparison.Ordinal);
        Assert.Contains("'other' is of type Tensor", Assert.Throws<TorchException>(() => Operator.Tensor("add.Tensor", x, "text")).Message, StringComparison.Ordinal);
        Assert.Contains("'tensors' has no tensor at 1", Assert.Throws<TorchException>(() => cat([x, null!])).Message, StringComparison.Ordinal);
        Assert.Contains("'size'", Assert.Throws<TorchException>(() => Operator.Tensor("zeros", new[] { 1.5 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_call_and_fail_side_by_side()
    {
        Parallel.For(0, 8, i =>
        {
            using var scope = NewDisposeScope();
            for (int repeat = 0; repeat < 100; repeat++)
            {
                var message = Assert.Throws<TorchException>(() => zeros(i + 2).view(1)).Message;
                Assert.Contains($"input of size {i + 2}", message, StringComparison.Ordinal);
                Assert.Equal(i, (zeros(1) + i).ToDouble());
            }
        });
    }
}
