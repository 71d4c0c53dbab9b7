using System.Collections.Immutable;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Objectives;

namespace Bench.Experiments.Planning;

/// <summary>What an objective asks a backbone for each example, without asking: averages over noise levels.</summary>
internal static class ExamplePasses
{
    private const int Levels = 16;

    /// <summary>The passes of one example.</summary>
    /// <param name="objective">What is asked for.</param>
    /// <param name="problem">What the method asks its network, for an objective that is not known here.</param>
    public static Pass Of(IObjective objective, Denoising problem) => objective switch
    {
        NextToken law => Single(problem.Path.Length, told: law.Sigma is null ? 0 : 1),
        WithSettledTokens both => Of(both.Diffusion, problem) + Single(problem.Path.Length, told: problem.View.IsTold ? 1 : 0),
        DiffusionForcing forcing => Of(forcing.Problem with { Path = Hyperschedule.Independent(forcing.Problem.Path.Length, forcing.Problem.Path.Depth) }, continuous: true),
        D3pm { Reconstructs: true } published => Of(published.Problem, continuous: false) + Everything(published.Problem),
        D3pm published => Of(published.Problem, continuous: false),
        MaskedNelbo { Masking: Masking.ExactCount } bound => Of(bound.Problem, continuous: true, Counted(bound.Problem.Path)),
        MaskedNelbo bound => Of(bound.Problem, bound.Continuous),
        Nelbo bound => Of(bound.Problem, bound.Continuous, visible: (snapshot, i) => !Term(bound.Problem, snapshot, i).Vanishes),
        ScoreEntropy bound => Of(bound.Problem, continuous: true),
        HybridCrossEntropy loss => Of(loss.Problem, loss.Continuous),
        GiddLoss loss => Of(loss.Problem, continuous: true),
        BlockLoss loss => Of(loss.Problem, continuous: true),
        LastStep step => Everything(step.Problem),
        _ => Of(problem, problem.Path.HasContinuousLimit),
    };

    /// <summary>The passes of one draw of the likelihood, its last step to clean tokens included.</summary>
    public static Pass OfLikelihood(IObjective objective, Denoising problem)
    {
        var bound = objective.ForLikelihood;
        return bound.Reconstruction is { } last ? Of(bound, problem) + Of(last, problem) : Of(bound, problem);
    }

    private static Pass Single(int length, int told) => new(length, (double)length * length, length, told);

    // Every position, at whichever levels.
    private static Pass Everything(Denoising problem) => Of(problem, problem.Path.HasContinuousLimit, asked: problem.Path.Length);

    // Of n uniform in 1 .. w masks in each block of w.
    private static double Counted(Hyperschedule path) =>
        Enumerable.Range(0, path.Length).GroupBy(path.OnsetOf).Sum(block => (block.Count() + 1) / 2.0);

    // What the bound adds at a word that is visible and right; a wrong one is rare.
    private static NelboTerm Term(Denoising problem, Snapshot snapshot, int position)
    {
        double time = snapshot.Times[position];
        return snapshot.Next is { } next
            ? NelboTerm.OfStep(problem.At(next[position]), problem.At(time), problem.Process.Chain, masked: false, unchanged: true, problem.Words.Words)
            : NelboTerm.OfRate(problem.At(time), problem.Process.RatesAt(problem.Schedule.Sigma(time)), masked: false, unchanged: true, problem.Words.Words);
    }

    private static Pass Of(Denoising problem, bool continuous, double? asked = null, Func<Snapshot, int, bool>? visible = null)
    {
        // Where noise only masks, a word that is visible is right, and nobody asks for it.
        bool masks = problem.At(0.5).Uniform == 0;
        visible ??= (_, _) => !masks;
        var path = problem.Path;
        Pass sum = default;
        for (int n = 0; n < Levels; n++)
        {
            var snapshot = path.Draw((n + 0.5) / Levels, position => (position + 0.5) / path.Length, continuous);
            double columns = Columns(problem, snapshot);
            sum += new Pass(columns, columns * columns, asked ?? Asked(problem, snapshot, visible), Told(problem, snapshot));
        }

        return (1.0 / Levels) * sum;
    }

    private static double Columns(Denoising problem, Snapshot snapshot)
    {
        var (path, view) = (problem.Path, problem.View);
        return path.NeedsContext ? DoubledColumns(path, view, snapshot) : path.Length + (view.Shifted ? 1 : 0);
    }

    // Counts the columns of Layout.Doubled without making it: its masks take memory in the square of the length.
    private static double DoubledColumns(Hyperschedule path, BackboneView view, Snapshot snapshot)
    {
        int length = path.Length;
        int[] changes = [.. Enumerable.Range(0, length).SelectMany(i => new[] { path.OnsetOf(i), path.SettledAfter(i) }).Append(0).Distinct().Order()];
        int[] ends = [.. Enumerable.Range(0, length).Select(path.SettledAfter).Order()];
        int[] steps = [.. snapshot.Steps.Select(SeesAs)];
        int lasts = view.Shifted && view.Block != Attention.Causal ? Enumerable.Range(1, length).Count(i => steps[i - 1] >= 0 && (i == length || steps[i] != steps[i - 1])) : 0;
        double own = view.Context == Attention.Full ? steps.Where(step => step >= 0).Distinct().Sum(step => (double)Settled(step)) : 0;
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

    private static double Asked(Denoising problem, Snapshot snapshot, Func<Snapshot, int, bool> visible)
    {
        double asked = 0;
        for (int i = 0; i < snapshot.Steps.Length; i++)
        {
            if (snapshot.Steps[i] >= 0)
                asked += visible(snapshot, i) ? 1 : problem.At(snapshot.Times[i]).Mask;
        }

        return asked;
    }

    private static double Told(Denoising problem, Snapshot snapshot)
    {
        if (problem.View.Conditioning == Conditioning.Absent)
            return 0;
        if (!problem.View.IsTold)
            return 1;
        int levels = snapshot.Times.Distinct().Count(); // tokens that are equally noisy are told together
        return levels + (problem.Path.NeedsContext || problem.View.Shifted ? 1 : 0); // and clean ones
    }
}
