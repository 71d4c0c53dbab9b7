using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

public sealed class ShapeTests
{
    private static Tensor Cube => arange(0, 24, float64).view(2, 3, 4);

    // Row-major reading of what stood at (i, j, k) of the cube, in the order given by the loops.
    private static double At(int i, int j, int k) => (i * 12) + (j * 4) + k;

    [Fact]
    public void Views_keep_the_elements_and_their_order()
    {
        using var scope = NewDisposeScope();
        double[] all = [.. Enumerable.Range(0, 24).Select(i => (double)i)];
        TensorAssert.Close(all, Cube.view(6, 4));
        TensorAssert.Close(all, Cube.reshape(-1));
        TensorAssert.Close(all, Cube.flatten());
        Assert.Equal([2, 12], Cube.flatten(1).shape);
        Assert.Equal([6, 4], Cube.flatten(0, 1).shape);
        Assert.Equal([2, 1, 3, 4], Cube.unsqueeze(1).shape);
        Assert.Equal([2, 3, 4], Cube.unsqueeze(0).squeeze().shape);
        Assert.Equal([2, 3, 4], Cube.unsqueeze(-1).squeeze(-1).shape);
        Assert.Equal(4, Cube.size(-1));
        Assert.Equal(2, Cube.size(0));
    }

    [Fact]
    public void Exchanged_dimensions_move_the_elements()
    {
        using var scope = NewDisposeScope();
        double[] expected = [.. from k in Enumerable.Range(0, 4) from j in Enumerable.Range(0, 3) from i in Enumerable.Range(0, 2) select At(i, j, k)];
        TensorAssert.Close(expected, Cube.permute(2, 1, 0));
        TensorAssert.Close(expected, Cube.transpose(0, 2));
        Assert.False(Cube.transpose(0, 2).is_contiguous());
        Assert.True(Cube.transpose(0, 2).contiguous().is_contiguous());
    }

    [Fact]
    public void Parts_of_a_tensor()
    {
        using var scope = NewDisposeScope();
        double[] middle = [.. from i in Enumerable.Range(0, 2) from k in Enumerable.Range(0, 4) select At(i, 1, k)];
        TensorAssert.Close(middle, Cube.select(1, 1));
        TensorAssert.Close(middle, Cube.narrow(1, 1, 1));
        TensorAssert.Close(middle, Cube.slice(1, 1, 2, 1));
        TensorAssert.Close(middle, Cube.unbind(1)[1]);
        TensorAssert.Close(middle, Cube.chunk(3, 1)[1]);
        TensorAssert.Close(middle, Cube.index_select(1, tensor([1L])));
        TensorAssert.Close([1, 3], arange(4).slice(0, 1, 4, 2));
    }

    [Fact]
    public void A_tensor_falls_apart_into_any_number_of_pieces_and_back()
    {
        using var scope = NewDisposeScope();
        var x = arange(0, 1000, float64);
        var pieces = x.unbind();
        Assert.Equal(1000, pieces.Length);
        Assert.Equal(999, pieces[^1].ToDouble());
        TensorAssert.Close(TensorAssert.Values(x), stack(pieces));
        TensorAssert.Close(TensorAssert.Values(x), cat(x.chunk(100)));
        TensorAssert.Close([0, 1, 0, 1], cat([arange(2), arange(2)]));
        Assert.Equal([3, 2], stack([zeros(3), ones(3)], dim: 1).shape);
    }

    [Fact]
    public void Repetition_copies_and_expansion_does_not()
    {
        using var scope = NewDisposeScope();
        var row = tensor([1.0, 2]);
        TensorAssert.Close([1, 2, 1, 2], row.repeat(2, 1));
        var expanded = row.expand(2, 2);
        TensorAssert.Close([1, 2, 1, 2], expanded);
        row.fill_(5);
        TensorAssert.Close([5, 5, 5, 5], expanded);
    }

    [Fact]
    public void Elements_are_read_and_written_by_index()
    {
        using var scope = NewDisposeScope();
        var x = tensor([10.0, 11, 12, 20, 21, 22], [2, 3]);
        var places = tensor([2L, 0], [2, 1]);
        TensorAssert.Close([12, 20], x.gather(1, places));
        TensorAssert.Close([10, 11, -1, -2, 21, 22], x.scatter(1, places, tensor([-1.0, -2], [2, 1])));
        TensorAssert.Close([10, 11, -1, -2, 21, 22], x.clone().scatter_(1, places, tensor([-1.0, -2], [2, 1])));
        TensorAssert.Close([10, 11, 0, 20, 21, 0], x.clone().index_put_(tensor(0.0), null!, tensor([2L])));
        TensorAssert.Close([10, 11, 12, 20, 9, 22], x.clone().index_put_(tensor(9.0), tensor([1L]), tensor([1L])));
        TensorAssert.Close([13, 14, 15, 20, 21, 22], x.clone().index_add_(0, tensor([0L, 0]), ones([2, 3], float64), 1.5));
    }

    [Fact]
    public void Elements_are_chosen_and_replaced_by_a_mask()
    {
        using var scope = NewDisposeScope();
        var x = tensor([1.0, 2, 3]);
        var mask = tensor([false, true, true]);
        TensorAssert.Close([2, 3], x.masked_select(mask));
        TensorAssert.Close([1, 0, 0], x.masked_fill(mask, 0));
        TensorAssert.Close([1, 7, 7], x.clone().masked_fill_(mask, 7));
        TensorAssert.Close([1, 2], mask.nonzero());
        TensorAssert.Close([1, double.NegativeInfinity, double.NegativeInfinity], x.masked_fill(mask, float.NegativeInfinity));
    }

    [Fact]
    public void Triangles_of_a_matrix()
    {
        using var scope = NewDisposeScope();
        TensorAssert.Close([1, 0, 0, 1, 1, 0, 1, 1, 1], ones(3, 3).tril());
        TensorAssert.Close([0, 1, 1, 0, 0, 1, 0, 0, 0], ones(3, 3).triu(1));
    }

    [Fact]
    public void A_clone_shares_no_memory_and_an_alias_shares_all()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2);
        var (copy, same, apart) = (x.clone(), x.alias(), x.detach());
        x.fill_(1);
        TensorAssert.Close([0, 0], copy);
        TensorAssert.Close([1, 1], same);
        TensorAssert.Close([1, 1], apart);
    }
}
