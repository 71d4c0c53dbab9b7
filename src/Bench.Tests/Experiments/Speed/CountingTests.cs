using Bench.Backbone;
using Bench.Experiments.Speed;
using Xunit;

namespace Bench.Tests.Experiments.Speed;

/// <summary>Operations by hand, quartiles by hand, faults from a line of the kernel's.</summary>
public sealed class CountingTests
{
    private static readonly DditShape Tiny = SpeedSize.Tiny.Shape(SmallCases.Method("ar").View);

    // N = 12·4·128² + 128·29 = 790,144; 6 N = 4,740,864; attention 12·4·128·128 = 786,432.
    [Fact]
    public void A_trained_token_takes_six_operations_a_parameter_and_its_attention() =>
        Assert.Equal(64 * 128 * (4_740_864.0 + 786_432), NominalFlops.OfTraining(Tiny, batch: 64, length: 128, doubled: false));

    [Fact]
    public void A_token_that_is_only_read_takes_a_third() =>
        Assert.Equal(NominalFlops.OfTraining(Tiny, batch: 5, length: 128, doubled: false) / 3,
            NominalFlops.OfSampling(Tiny, slots: 5 * 128, keys: 128), 3.0);

    // Twice the columns, each of which attends to twice as many; the head reads the noisy half: 6 · 128·29 a token once.
    [Fact]
    public void A_doubled_pass_costs_as_much_as_its_positions() =>
        Assert.Equal(128 * ((2 * 6 * 12.0 * 4 * 128 * 128) + (6 * 128 * 29) + (4 * 786_432)),
            NominalFlops.OfTraining(Tiny, batch: 1, length: 128, doubled: true));

    [Theory]
    [InlineData("train-mdlm-tiny", 1)]
    [InlineData("train-ar-tiny", 1)]
    [InlineData("train-gamma-tiny", 1)]
    [InlineData("train-bd3lm-tiny", 2)]
    public void Only_those_that_read_clean_and_noisy_text_at_once_are_doubled(string name, int columns)
    {
        using var work = SpeedCases.Find(name, "").Case!.Begin(Bench.Training.Precision.Float32);
        Assert.Equal(NominalFlops.OfTraining(Tiny, 64, 128, doubled: columns == 2), work.Flops);
    }

    [Fact]
    public void Quartiles_lie_between_neighbours()
    {
        Assert.Equal(new Quartiles(1.75, 2.5, 3.25), Quartiles.Of([4, 1, 3, 2]));
        Assert.Equal(new Quartiles(7, 7, 7), Quartiles.Of([7]));
    }

    [Fact]
    public void Page_faults_are_read_behind_a_name_with_spaces_and_parentheses() =>
        Assert.Equal(1234 + 56, ProcessUse.FaultsIn("17 (a (b) c) S 1 17 17 0 -1 4194560 1234 999 56 888 1 2 3"));

    [Fact]
    public void Memory_that_is_touched_first_faults()
    {
        long before = ProcessUse.PageFaults;
        byte[] pages = GC.AllocateUninitializedArray<byte>(64 << 20);
        for (int i = 0; i < pages.Length; i += 4096)
            pages[i] = 1;
        Assert.True(ProcessUse.PageFaults > before);
    }
}
