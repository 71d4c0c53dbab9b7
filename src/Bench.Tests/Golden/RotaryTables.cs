using Bench.Backbone;
using static TorchSharp.torch;

namespace Bench.Tests.Golden;

/// <summary>Cosines and sines of rotary positions, as a rotation shows them.</summary>
internal static class RotaryTables
{
    // A vector that is 1 in its first half comes out as cosines and sines; the public tables have each twice.
    public static void Assert(GoldenCase golden, Rotary rotary, int length)
    {
        int width = golden.Count("head_dim"), half = width / 2;
        var first = cat([ones(1, length, 1, half, float64), zeros(1, length, 1, half, float64)], -1);
        var turned = rotary.Rotate(first).view(length, width);
        var (cosines, sines) = (turned.narrow(1, 0, half), turned.narrow(1, half, half));
        golden.Expected.Match("cos", cat([cosines, cosines], 1));
        golden.Expected.Match("sin", cat([sines, sines], 1));
        if (golden.Expected.Has("inv_freq"))
            golden.Expected.Match("inv_freq", sines.narrow(0, 1, 1).atan2(cosines.narrow(0, 1, 1))); // the angles at position 1
    }
}
