using Bench.Kernels;
using Xunit;

namespace Bench.Tests.Kernels;

/// <summary>Which kernels are used, as the environment says.</summary>
public sealed class KernelSwitchTests
{
    [Theory]
    [InlineData(null, OwnKernels.All), InlineData("", OwnKernels.All), InlineData("0", OwnKernels.None),
        InlineData("gelu", OwnKernels.Gelu)]
    [InlineData("attention, adamw", OwnKernels.Attention | OwnKernels.AdamW)]
    public void Names_are_read(string? text, OwnKernels expected) => Assert.Equal(expected, KernelSwitch.Parse(text));

    [Theory, InlineData("1"), InlineData("gelu,gulu"), InlineData("None"), InlineData("0,gelu")]
    public void An_unknown_kernel_is_refused(string text) => Assert.Null(KernelSwitch.Parse(text));

    [Fact]
    public void All_kernels_are_the_union_of_each_and_descriptions_can_be_parsed()
    {
        Assert.Equal(OwnKernels.All, KernelSwitch.Each.Aggregate(OwnKernels.None, (all, one) => all | one.Kernel));
        Assert.Equal(Enum.GetValues<OwnKernels>().Length - 2, KernelSwitch.Each.Count);
        Assert.All(KernelSwitch.Each,
            each => Assert.Equal(OwnKernels.All & ~each.Kernel, KernelSwitch.Parse(KernelSwitch.Describe(OwnKernels.All & ~each.Kernel))));
        Assert.Equal(("all", "none"), (KernelSwitch.Describe(OwnKernels.All), KernelSwitch.Describe(OwnKernels.None)));
    }
}
