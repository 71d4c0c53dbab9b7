using Bench.Pretrained.Scorers;
using Xunit;

namespace Bench.Tests.Pretrained.Scorers;

public sealed class WindowsTests
{
    [Theory, InlineData(4, 1), InlineData(4, 2), InlineData(4, 4), InlineData(1, 1), InlineData(7, 3)]
    public void Every_token_but_the_first_is_predicted_once_from_enough_others(int context, int stride)
    {
        for (int length = 0; length < 30; length++)
        {
            var windows = new Windows(context, stride).Over(length).ToList();
            Assert.Equal(Enumerable.Range(1, Math.Max(0, length - 1)),
                windows.SelectMany(window => Enumerable.Range(window.From, window.End - window.From)));
            Assert.All(windows, window => Assert.Equal(Math.Min(length, context + 1), window.End - window.Start));
            Assert.All(windows.Skip(1), window => Assert.True(window.From - window.Start >= context - stride + 1));
        }
    }

    [Fact]
    public void A_stride_that_would_leave_tokens_out_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => new Windows(4, 5));
}
