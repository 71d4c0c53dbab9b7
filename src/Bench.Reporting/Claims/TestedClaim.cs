using System.Collections.Immutable;
using Bench.Reporting.Statistics;
using Bench.Results;
using Bench.Results.Claims;
using Bench.Results.Runs;

namespace Bench.Reporting.Claims;

/// <summary>What the runs that are here say about a claim.</summary>
internal enum Verdict
{
    /// <summary>The effect lies where the claim says.</summary>
    Holds,

    /// <summary>It lies elsewhere.</summary>
    Opposite,

    /// <summary>Seeds differ too much to say either.</summary>
    WithinNoise,

    /// <summary>There is nothing here to test it by.</summary>
    NotTestable,
}

/// <summary>One comparison of a claim.</summary>
/// <param name="Contrast">What is compared, with the effect of each seed.</param>
/// <param name="Test">Whether its mean lies where the claim says, on the tested scale; null for fewer than two seeds.</param>
/// <param name="Effect">The mean over seeds with its 95 % interval, as it is shown; null where there is no test.</param>
internal sealed record TestedContrast(Contrast Contrast, RegionTest? Test, Measurement? Effect);

/// <summary>A claim with its verdict.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Runs">The finished runs that it rests on.</param>
/// <param name="Contrasts">Its comparisons.</param>
/// <param name="Why">Why it is not testable here; empty where it is.</param>
internal sealed record TestedClaim(
    Claim Claim, ImmutableArray<RunRecord> Runs, ImmutableArray<TestedContrast> Contrasts, string Why)
{
    /// <summary>The fewest seeds that decide a claim.</summary>
    public const int LeastSeeds = 3;

    private const double Level = 0.05;

    /// <summary>
    /// Two-sided: twice the smaller of two probabilities. A claim holds where each of its comparisons does, so that the largest of theirs
    /// is its own (an intersection-union test needs no correction), and fails with any of them, so that theirs are corrected by their
    /// number (Bonferroni). 1 where it is not testable.
    /// </summary>
    public double P => Why.Length > 0 ? 1 : Math.Min(1, 2 * Math.Min(Inside, Outside));

    /// <summary><see cref="P"/> adjusted for all claims tested with it.</summary>
    public double AdjustedP { get; init; } = 1;

    public Verdict Verdict => Why.Length > 0 ? Verdict.NotTestable
        : AdjustedP >= Level ? Verdict.WithinNoise
        : Inside < Outside ? Verdict.Holds : Verdict.Opposite;

    private double Inside => Contrasts.Max(one => one.Test!.Inside);

    private double Outside => Math.Min(1, Contrasts.Length * Contrasts.Min(one => one.Test!.Outside));

    /// <summary>Every claim with its verdict; probabilities are adjusted by Holm's method over all that are testable.</summary>
    /// <param name="claims">In the order of the report.</param>
    /// <param name="runs">All runs that there are.</param>
    public static ImmutableArray<TestedClaim> All(IReadOnlyList<Claim> claims, IReadOnlyCollection<RunRecord> runs)
    {
        TestedClaim[] tested = [.. claims.Select(claim => Of(claim, runs))];
        int[] testable = [.. Enumerable.Range(0, tested.Length).Where(i => tested[i].Why.Length == 0)];
        var adjusted = PairedTest.Holm([.. testable.Select(i => tested[i].P)]);
        foreach (var (place, i) in testable.Index())
            tested[i] = tested[i] with { AdjustedP = adjusted[place] };
        return [.. tested];
    }

    private static TestedClaim Of(Claim claim, IReadOnlyCollection<RunRecord> runs)
    {
        if (claim.Decision is not { } decision)
            return new(claim, [], [], claim.Untested);
        // Of each text, the runs of the definition as it is now.
        var asked = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        ImmutableArray<RunRecord> own =
        [
            .. runs.Where(run => run.Experiment == decision.Experiment && run.Status.State == RunState.Finished && IsAsked(run))
                .OrderBy(run => run.Method, StringComparer.Ordinal).ThenBy(run => run.Seed).ThenBy(run => run.Id, StringComparer.Ordinal),
        ];
        var effect = decision.Effect;
        ImmutableArray<TestedContrast> contrasts = [.. effect.Of(own).Select(contrast => Tested(effect, contrast))];
        return new(claim, own, contrasts, Lacking(own, contrasts));

        bool IsAsked(RunRecord run)
        {
            string text = run.Definition.DataHash;
            if (!asked.TryGetValue(text, out var ids))
                asked[text] = ids = decision.Runs(text);
            return ids.Contains(run.Id);
        }
    }

    private static TestedContrast Tested(ClaimedEffect effect, Contrast contrast)
    {
        var test = RegionTest.Of(
            [.. contrast.Seeds.Select(seed => seed.Value)], effect.ToTested(effect.Claimed.Low), effect.ToTested(effect.Claimed.High));
        return new(
            contrast,
            test,
            test is null
                ? null
                : new Measurement(effect.ToShown(test.Mean.Value))
                {
                    Interval = new(effect.ToShown(test.Mean.Interval!.Value.Low), effect.ToShown(test.Mean.Interval.Value.High)),
                });
    }

    private static string Lacking(ImmutableArray<RunRecord> runs, ImmutableArray<TestedContrast> contrasts)
    {
        if (runs.IsEmpty)
            return "none of its runs is here";
        var least = contrasts.MinBy(one => one.Contrast.Seeds.Length)!;
        int seeds = least.Contrast.Seeds.Length;
        return seeds >= LeastSeeds ? ""
            : least.Contrast.Lack.Length > 0 ? least.Contrast.Lack
            : $"{least.Contrast.What}: {seeds} common seeds are here, and {LeastSeeds} are the fewest that decide a claim";
    }
}
