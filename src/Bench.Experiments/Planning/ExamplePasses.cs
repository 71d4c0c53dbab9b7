using System.Collections.Immutable;
using Bench.Attention;
using Bench.Backbone;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Objectives;

namespace Bench.Experiments.Planning;

/// <summary>Forward passes of an objective for each example, counted without a network: averages over noise levels.</summary>
internal static class ExamplePasses
{
    private const int Levels = 16;

    /// <summary>The passes of one example.</summary>
    /// <param name="objective">What is asked for.</param>
    /// <param name="setup">What the method asks its network, for an objective that is not known here.</param>
    public static Pass Of(IObjective objective, DiffusionSetup setup) => objective switch
    {
        NextToken distribution => Single(setup.Hyperschedule.Length, conditioned: distribution.Sigma is null ? 0 : 1),
        WithSettledTokens both =>
            Of(both.Diffusion, setup) + Single(setup.Hyperschedule.Length, conditioned: setup.View.IsNoiseConditioned ? 1 : 0),
        EvenInTime even => Of(even.Bound, setup),
        DiffusionForcing forcing =>
            Of(forcing.Setup with { Hyperschedule =
                Hyperschedule.Independent(forcing.Setup.Hyperschedule.Length, forcing.Setup.Hyperschedule.Depth) }, continuous: true),
        AnyOrder loss => Of(loss.Setup, continuous: false),
        D3pm { Reconstructs: true } published => Of(published.Setup, continuous: false) + Everything(published.Setup),
        D3pm published => Of(published.Setup, continuous: false),
        MaskedNelbo { Masking: Masking.ExactCount } bound => Of(bound.Setup, continuous: true, Counted(bound.Setup.Hyperschedule)),
        MaskedNelbo bound => Of(bound.Setup, bound.Continuous),
        Nelbo bound => Of(bound.Setup, bound.Continuous, visible: (draw, i) => !Term(bound.Setup, draw, i).Vanishes),
        ScoreEntropy bound => Of(bound.Setup, continuous: true),
        HybridCrossEntropy loss => Of(loss.Setup, loss.Continuous),
        GiddLoss loss => Of(loss.Setup, continuous: true),
        BlockLoss loss => Of(loss.Setup, continuous: true),
        LastStep step => Everything(step.Setup),
        _ => Of(setup, setup.Hyperschedule.HasContinuousLimit),
    };

    /// <summary>The passes of one draw of the likelihood, its last step to clean tokens included.</summary>
    public static Pass OfLikelihood(IObjective objective, DiffusionSetup setup)
    {
        var bound = objective.ForLikelihood;
        return bound.Reconstruction is { } last ? Of(bound, setup) + Of(last, setup) : Of(bound, setup);
    }

    private static Pass Single(int length, int conditioned) => new(length, (double)length * length, length, conditioned);

    // Every position, at any levels.
    private static Pass Everything(DiffusionSetup setup) =>
        Of(setup, setup.Hyperschedule.HasContinuousLimit, asked: setup.Hyperschedule.Length);

    // Of n uniform in 1 .. w masks in each block of w.
    private static double Counted(Hyperschedule hyperschedule) =>
        Enumerable.Range(0, hyperschedule.Length).GroupBy(hyperschedule.OnsetOf).Sum(block => (block.Count() + 1) / 2.0);

    // What the bound adds at an unmasked token that is clean; a replaced one is rare.
    private static NelboTerm Term(DiffusionSetup setup, LevelDraw draw, int position)
    {
        double time = draw.Times[position];
        return draw.Next is { } next
            ? NelboTerm.OfStep(setup.At(next[position]), setup.At(time), setup.Process.Chain, masked: false, unchanged: true,
                setup.Vocabulary.TokenCount)
            : NelboTerm.OfRate(setup.At(time), setup.Process.RatesAt(setup.Schedule.Sigma(time)), masked: false, unchanged: true,
                setup.Vocabulary.TokenCount);
    }

    private static Pass Of(DiffusionSetup setup, bool continuous, double? asked = null, Func<LevelDraw, int, bool>? visible = null)
    {
        // Where noise only masks, an unmasked token is clean and needs no prediction.
        bool masks = setup.OnlyMasks;
        visible ??= (_, _) => !masks;
        var hyperschedule = setup.Hyperschedule;
        Pass sum = default;
        for (int n = 0; n < Levels; n++)
        {
            var draw = hyperschedule.Draw((n + 0.5) / Levels, position => (position + 0.5) / hyperschedule.Length, continuous);
            double slots = Slots(setup, draw);
            sum += new Pass(slots, slots * slots, asked ?? Asked(setup, draw, visible), Conditioned(setup, draw));
        }

        return (1.0 / Levels) * sum;
    }

    private static double Slots(DiffusionSetup setup, LevelDraw draw)
    {
        var (hyperschedule, view) = (setup.Hyperschedule, setup.View);
        return hyperschedule.NeedsContext ? DoubledSlots(hyperschedule, view, draw) : hyperschedule.Length + (view.Shifted ? 1 : 0);
    }

    // Counts the slots of SequenceLayout.Doubled without making it: its masks take memory in the square of the length.
    private static double DoubledSlots(Hyperschedule hyperschedule, BackboneView view, LevelDraw draw)
    {
        int length = hyperschedule.Length;
        int[] changes = [.. Enumerable.Range(0, length).SelectMany(i => new[] { hyperschedule.OnsetOf(i), hyperschedule.SettledAfter(i) })
            .Append(0).Distinct().Order()];
        int[] ends = [.. Enumerable.Range(0, length).Select(hyperschedule.SettledAfter).Order()];
        int[] steps = [.. draw.Steps.Select(SeesAs)];
        int lasts = view.Shifted && view.Block != AttentionKind.Causal
            ? Enumerable.Range(1, length).Count(i => steps[i - 1] >= 0 && (i == length || steps[i] != steps[i - 1]))
            : 0;
        double own = view.Context == AttentionKind.Full ? steps.Where(step => step >= 0).Distinct().Sum(step => (double)Settled(step)) : 0;
        return (2 * length) + lasts + own;

        // Positions that are settled at a step: how many ends are no later.
        int Settled(int step)
        {
            int least = 0, most = ends.Length;
            while (least < most)
            {
                int middle = (least + most) / 2;
                (least, most) = ends[middle] <= step ? (middle + 1, most) : (least, middle);
            }

            return least;
        }

        // The first of the steps in which each position is what it is in this one.
        int SeesAs(int step)
        {
            if (step < 0)
                return step;
            int found = Array.BinarySearch(changes, step);
            return changes[found >= 0 ? found : ~found - 1];
        }
    }

    private static double Asked(DiffusionSetup setup, LevelDraw draw, Func<LevelDraw, int, bool> visible)
    {
        double asked = 0;
        for (int i = 0; i < draw.Steps.Length; i++)
        {
            if (draw.Steps[i] >= 0)
                asked += visible(draw, i) ? 1 : setup.At(draw.Times[i]).MaskProbability;
        }

        return asked;
    }

    private static double Conditioned(DiffusionSetup setup, LevelDraw draw)
    {
        if (setup.View.Conditioning == Conditioning.Absent)
            return 0;
        if (!setup.View.IsNoiseConditioned)
            return 1;
        int levels = draw.Times.Distinct().Count(); // equal noise levels are embedded once
        return levels + (setup.Hyperschedule.NeedsContext || setup.View.Shifted ? 1 : 0); // and clean ones
    }
}
