using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class ElementTypeTests
{
    private static readonly ScalarType[] All = [float64, float32, bfloat16, int64, int32, uint8, @bool];

    [Fact]
    public void Every_type_converts_to_every_other_and_keeps_zero_and_one()
    {
        using var scope = NewDisposeScope();
        foreach (var from in All)
        {
            foreach (var to in All)
            {
                var x = tensor([0L, 1], from).to_type(to);
                Assert.Equal(to, x.dtype);
                TensorAssert.Close([0, 1], x);
            }
        }
    }

    [Fact]
    public void A_number_does_not_change_the_type_of_a_tensor_unless_its_kind_is_higher()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float32, (zeros(2) * 2.0).dtype);
        Assert.Equal(bfloat16, (zeros(2, bfloat16) + 1).dtype);
        Assert.Equal(int64, (zeros(2, int64) + 1).dtype);
        Assert.Equal(float32, (zeros(2, int64) + 1.5).dtype);
        Assert.Equal(int64, (zeros(2, @bool) + 1).dtype);
    }

    [Fact]
    public void The_higher_type_of_two_tensors_wins()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(float64, (zeros(2, float64) + zeros(2)).dtype);
        Assert.Equal(float32, (zeros(2, int64) + zeros(2)).dtype);
        Assert.Equal(float32, (zeros(2, bfloat16) * zeros(2)).dtype);
        Assert.Equal(int64, (zeros(2, int64) * zeros(2, int32)).dtype);
    }

    [Fact]
    public void Bf16_keeps_eight_bits_of_the_mantissa_and_rounds_to_even()
    {
        using var scope = NewDisposeScope();
        double ulp = Math.Pow(2, -7);
        TensorAssert.Close([1, 1 + ulp, 1, 1 + (2 * ulp)], tensor([1, 1 + ulp, 1 + (ulp / 2), 1 + (ulp * 1.5)], bfloat16), 0);
    }

    [Fact]
    public void Whole_numbers_are_exact_in_int64_beyond_the_mantissa_of_a_double()
    {
        using var scope = NewDisposeScope();
        long odd = (1L << 60) + 1;
        Assert.Equal(odd + 2, (tensor(odd) + 2).item<long>());
        Assert.Equal(3, (tensor(10L) - 7).ToInt64());
    }

    [Fact]
    public void A_tensor_with_one_element_is_a_number()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(1.5, tensor(1.5).item<double>());
        Assert.Equal(1.5f, ones(1).add_(0.5).item<float>());
        Assert.Equal(1.5f, tensor(1.5, bfloat16).ToSingle());
        Assert.Equal(1.5, tensor(1.5f).ToDouble());
        Assert.True(tensor([true]).item<bool>());
        Assert.Throws<TorchException>(() => zeros(2).ToDouble());
    }

    [Fact]
    public void To_copies_only_when_asked_or_needed()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2);
        var (same, copy, back) = (x.to(float32), x.to(float32, copy: true), x.to(CPU));
        x.fill_(1);
        TensorAssert.Close([1, 1], same);
        TensorAssert.Close([0, 0], copy);
        TensorAssert.Close([1, 1], back);
        TensorAssert.Close([1, 1], x.cpu());
        x.to(float64, disposeAfter: true);
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void A_tensor_tells_its_shape_type_and_place()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[], type = Int64, device = cpu", tensor(1L).ToString());
        var gone = zeros(1);
        gone.Dispose();
        Assert.Equal("disposed", gone.ToString());
        Assert.Equal(DeviceType.CPU, zeros(1).device.type);
        Assert.False(zeros(1).is_cuda);
        Assert.Equal((6L, 6L, 2L, 2L, 2L), (zeros(2, 3).numel(), zeros(2, 3).NumberOfElements, zeros(2, 3).ndim, zeros(2, 3).dim(), zeros(2, 3).Dimensions));
    }
}
