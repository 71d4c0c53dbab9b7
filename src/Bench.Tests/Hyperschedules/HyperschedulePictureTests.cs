using Bench.Cli.Illustrations;
using Bench.Hyperschedules;
using Xunit;

namespace Bench.Tests.Hyperschedules;

public sealed class HyperschedulePictureTests
{
    [Fact]
    public void A_slide_is_a_front_that_moves_right() => Assert.Equal(
        ["█████", "▓████", "▒▓███", "░▒▓██", "·░▒▓█", "··░▒▓", "···░▒", "····░", "·····"],
        HyperschedulePicture.Lines(Hyperschedule.Slide(5, 4, 1)));

    [Fact]
    public void Autoregression_has_only_clean_and_fully_noisy_tokens() =>
        Assert.Equal(["███", "·██", "··█", "···"], HyperschedulePicture.Lines(Hyperschedule.Autoregressive(3)));

    [Fact]
    public void A_large_schedule_is_thinned_out_and_keeps_its_ends()
    {
        string[] lines = [.. HyperschedulePicture.Lines(Hyperschedule.Block(1024, 256, 64), width: 8, height: 5)];
        Assert.Equal(["████████", "··██████", "····████", "······██", "········"], lines);
    }
}
