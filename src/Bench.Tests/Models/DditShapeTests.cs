using Bench.Attention;
using Bench.Backbone;
using Xunit;

namespace Bench.Tests.Models;

public sealed class DditShapeTests
{
    [Theory]
    [InlineData("Vocabulary", 0, 2, 16, 2, 8, 1)]
    [InlineData("Blocks", 6, 0, 16, 2, 8, 1)]
    [InlineData("Width", 6, 2, -16, 2, 8, 1)]
    [InlineData("Width", 6, 2, 0, 2, 8, 1)]
    [InlineData("Heads", 6, 2, 16, 0, 8, 1)]
    [InlineData("Heads", 6, 2, 16, -2, 8, 1)]
    [InlineData("ConditionWidth", 6, 2, 16, 2, 0, 1)]
    [InlineData("TableMultiple", 6, 2, 16, 2, 8, 0)]
    public void A_size_that_no_network_has_is_refused_by_name(string name, int vocabulary, int blocks, int width, int heads,
        int conditionWidth, int tableMultiple)
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(
            () => new DditShape(vocabulary, blocks, width, heads, conditionWidth, Conditioning.Sigma, TableMultiple: tableMultiple));
        Assert.Contains($"{name} is", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_shape_is_checked_too()
    {
        var shape = new DditShape(6, 2, 16, 2, 8, Conditioning.Sigma);
        Assert.Throws<ArgumentOutOfRangeException>(() => shape with { TableMultiple = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => shape with { ConditionWidth = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => shape with { Dropout = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => shape with { EmbeddingMix = double.NaN });
    }
}
