using System.Runtime.InteropServices;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class FactoryTests
{
    [Fact]
    public void Constant_tensors_have_the_shape_type_and_value_asked_for()
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { float64, float32, bfloat16, int64, int32, uint8, @bool })
        {
            TensorAssert.Close([0, 0, 0, 0, 0, 0], zeros(2, 3, type));
            TensorAssert.Close([1, 1, 1, 1], ones([2, 2], type));
            TensorAssert.Close([1, 1, 1], full([3], 1, type));
            Assert.Equal(type, zeros(4, type).dtype);
            Assert.Equal(type, ones(4, type).dtype);
            Assert.Equal(type, empty([4], type).dtype);
            Assert.Equal(type, zeros_like(ones(2), type).dtype);
        }

        Assert.Equal(float32, zeros(2).dtype);
        Assert.Equal([], zeros([]).shape);
        Assert.Equal([2, 3], zeros_like(ones(2, 3)).shape);
        TensorAssert.Close([1, 1], ones_like(zeros(2)));
        TensorAssert.Close([2.5], full([1], 2.5));
        Assert.True(zeros([2], requires_grad: true).requires_grad);
        Assert.Equal([0, 3], empty([0, 3]).shape);
    }

    [Fact]
    public void Ranges_count_from_the_start_up_to_before_the_stop()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([0, 1, 2], arange(3));
        TensorAssert.Close([2, 3, 4], arange(2, 5));
        Assert.Equal(int64, arange(3).dtype);
        Assert.Equal(float32, arange(3, float32).dtype);
        Assert.Equal(float32, arange(0.5, 3).dtype);
    }

    [Fact]
    public void Numbers_become_tensors_without_dimensions()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float32, tensor(1.5f).dtype);
        Assert.Equal(float64, tensor(1.5).dtype);
        Assert.Equal(int64, tensor(1L).dtype);
        Assert.Equal(bfloat16, tensor(1.5, bfloat16).dtype);
        Assert.Equal(0, tensor(1.5).dim());
        Assert.True(tensor(1.5, requires_grad: true).requires_grad);
        Assert.Equal(7, tensor(7L, int32).ToInt64());
    }

    [Fact]
    public void Arrays_survive_the_way_in_and_out()
    {
        using var scope = NewDisposeScope();
        double[] doubles = [0, -0.0, Math.PI, double.MaxValue, double.Epsilon, double.NaN, double.NegativeInfinity];
        float[] floats = [0, MathF.E, float.Epsilon, float.MaxValue, float.NaN];
        long[] longs = [0, long.MinValue, long.MaxValue, -1];
        bool[] bools = [true, false, true];
        Assert.Equal(doubles, tensor(doubles).data<double>().ToArray());
        Assert.Equal(floats, tensor(floats).data<float>().ToArray());
        Assert.Equal(longs, tensor(longs, [2, 2]).data<long>().ToArray());
        Assert.Equal(bools, tensor(bools).data<bool>().ToArray());
        Assert.Equal(longs, tensor(longs).data<long>().Select(value => value));
        Assert.Equal([], tensor(Array.Empty<float>(), [0, 3]).data<float>().ToArray());
        Assert.Equal(3, tensor(bools).data<bool>().Count);
        Assert.Equal(Math.PI, tensor(doubles).data<double>()[2]);
    }

    [Fact]
    public void Arrays_are_copied_so_that_later_writes_do_not_show()
    {
        double[] numbers = [1, 2];
        using var x = tensor(numbers);
        numbers[0] = 9;
        TensorAssert.Close([1, 2], x);
    }

    [Fact]
    public void Elements_that_lie_apart_are_read_in_order()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 2, 1, 3], arange(4).view(2, 2).transpose(0, 1).data<long>().ToArray());
        Assert.Equal([1, 1], tensor([1L]).expand(2).data<long>().ToArray());
        Assert.Equal([2, 3], arange(4).narrow(0, 2, 2).data<long>().ToArray());
    }

    [Fact]
    public void Memory_can_be_written_where_it_lies()
    {
        using var x = zeros(3);
        MemoryMarshal.Cast<byte, float>(x.bytes)[1] = 4;
        TensorAssert.Close([0, 4, 0], x);
    }

    [Fact]
    public void Memory_that_does_not_lie_in_order_is_not_shown()
    {
        using var scope = NewDisposeScope();
        var message = Assert.Throws<InvalidOperationException>(() => zeros(2, 3).transpose(0, 1).bytes.Length).Message;
        Assert.Contains("Float32[3, 2]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_are_read_as_what_they_are()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<InvalidOperationException>(() => zeros(2).data<int>());
        Assert.Throws<InvalidOperationException>(() => zeros(2).data<double>());
        Assert.Throws<InvalidOperationException>(() => zeros(2, bfloat16).data<short>());
        Assert.Equal([(Half)1, (Half)1], ones(2, ScalarType.Float16).data<Half>().ToArray());
        Assert.Equal([(byte)1], ones(1, uint8).data<byte>().ToArray());
    }

    [Fact]
    public void A_shape_must_hold_as_many_elements_as_the_array()
    {
        var message = Assert.Throws<TorchException>(() => tensor([1.0, 2, 3], [2, 2])).Message;
        Assert.Contains("32 bytes", message, StringComparison.Ordinal);
        Assert.Contains("24", message, StringComparison.Ordinal);
    }
}
