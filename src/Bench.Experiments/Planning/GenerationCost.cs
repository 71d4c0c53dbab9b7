using Bench.Attention;
using Bench.Backbone;
using Bench.Guidance;
using Bench.Hyperschedules;
using Bench.Sampling;
using Bench.Sampling.Samplers;

namespace Bench.Experiments.Planning;

/// <summary>Forward passes of one way of generating, counted along its hyperschedule without a network.</summary>
/// <param name="Calls">Calls for a batch, those that are skipped because no token moves left out.</param>
/// <param name="PerRow">What goes through the network for one sequence, all calls together.</param>
internal sealed record GenerationCost(double Calls, Pass PerRow)
{
    // Steps times groups of active positions: counting this many takes a tenth of a second.
    private const double MostMoves = 1 << 18;
    private const int LeastSteps = 64;

    /// <summary>
    /// Counts a way: every step of it or, where these are very many, steps that are spread over all of them and stand for the others.
    /// </summary>
    /// <param name="way">The way.</param>
    /// <param name="most">Steps that are counted at most, the first ones.</param>
    public static GenerationCost Of(GenerationWay way, int most = int.MaxValue)
    {
        int candidates = way.Sampler.Candidates;
        // Where finished sequences alone are compared, candidates take the steps that they take anyway.
        if (way.Sampler is Guided { Rule.Every: 0 } guided)
            way = way with { Sampler = guided.Inner };
        var setup = way.Setup;
        var hyperschedule = setup.Hyperschedule;
        var groups = Enumerable.Range(0, hyperschedule.Length)
            .GroupBy(i => (Onset: hyperschedule.OnsetOf(i), Settled: hyperschedule.SettledAfter(i)))
            .Where(group => group.Key.Settled > 0)
            .Select(group => new Together(group.Key.Onset, group.Key.Settled, group.First(), group.Last(), group.Count()))
                .OrderBy(group => group.Onset)
                .ToArray();
        int all = Math.Min(hyperschedule.Steps, most), looked = Looked(groups, all, hyperschedule.Steps);
        var active = new List<Together>();
        int next = 0, settled = hyperschedule.Length - groups.Sum(group => group.Count);
        int window = Enumerable.Range(0, hyperschedule.Length)
            .Where(i => hyperschedule.SettledAfter(i) == 0)
            .Select(i => i + 1)
            .DefaultIfEmpty()
            .Max();
        double calls = 0;
        Pass sum = default;
        for (int n = 0; n < looked; n++)
        {
            int step = At(n, looked, all);
            for (; next < groups.Length && groups[next].Onset <= step; next++)
            {
                active.Add(groups[next]);
                window = Math.Max(window, groups[next].Last + 1);
            }

            int newlySettled = active.Where(group => group.Settled == step).Sum(group => group.Count);
            settled += active.Where(group => group.Settled <= step).Sum(group => group.Count);
            active.RemoveAll(group => group.Settled <= step);
            if (active.Count == 0)
                continue;
            var (asked, idle) = Moves(way, active, step);
            // First-hitting calls the network once for each token, whatever the step.
            double called = way.Sampler is FirstHitting
                ? active.Sum(group => (double)group.Count / (group.Settled - group.Onset))
                : 1 - Math.Pow(idle, way.Batch);
            double slots = Slots(way, active, newlySettled, window), keys = way.KeepsKeys
                ? settled + active.Sum(group => group.Count) + Behind(setup)
                : slots;
            // Sequences without positions to predict stay out of a call, unless it fills the cache of all sequences.
            bool keeps = way.KeepsKeys && (setup.View.Shifted ? active.Any(group => group.Settled == step + 1) : newlySettled > 0);
            double share = keeps || way.Sampler is FirstHitting ? called : 1 - idle;
            // Corrections ask for a position of each sequence.
            double corrected = active.Any(group => group.Settled > step + 1) ? way.Sampler.CallsOfCorrection : 0;
            calls += called + corrected;
            sum += new Pass(corrected * slots, corrected * slots * keys, corrected,
                setup.View.Conditioning == Conditioning.Absent ? 0 : corrected);
            sum += new Pass(share * slots, share * slots * keys, asked, setup.View.Conditioning == Conditioning.Absent ? 0 : share);
        }

        double each = looked == 0 ? 0 : (double)all / looked;
        return new(each * calls, each * candidates * sum);
    }

    // How many steps are counted.
    private static int Looked(Together[] groups, int all, int steps)
    {
        double moves = groups.Sum(group => (double)group.Settled - group.Onset) * all / steps;
        return moves <= MostMoves ? all : (int)Math.Min(all, Math.Max(LeastSteps, all * (MostMoves / moves)));
    }

    // The n-th of them: in the n-th of as many equal parts, at a place that never repeats (multiples of the golden ratio), so that no
    // rhythm of blocks is in step with it.
    private static int At(int n, int looked, int all)
    {
        const double Golden = 0.618033988749894848;
        return looked == all ? n : (int)((n + (n * Golden % 1)) * all / looked);
    }

    // The slot behind the last one, in which a shifted view keeps what it cannot predict.
    private static int Behind(DiffusionSetup setup) => setup.View.Shifted && setup.View.Block != AttentionKind.Causal ? 1 : 0;

    private static double Slots(GenerationWay way, List<Together> active, int newlySettled, int window)
    {
        var (setup, hyperschedule) = (way.Setup, way.Setup.Hyperschedule);
        if (!way.KeepsKeys)
            return (hyperschedule.NeedsContext ? window : hyperschedule.Length) + Behind(setup);
        // In a shifted view the slots of settled positions were computed when these were active, and are final.
        return active.Sum(group => group.Count) + (setup.View.Shifted ? 0 : newlySettled) + Behind(setup);
    }

    // How many tokens of a sequence a step asks the network for, and the probability that it asks for none.
    private static (double Asked, double Idle) Moves(GenerationWay way, List<Together> active, int step)
    {
        var (setup, hyperschedule) = (way.Setup, way.Setup.Hyperschedule);
        double asked = 0, idle = 1;
        foreach (var group in active)
        {
            var (s, t) = (setup.At(hyperschedule.TimeAt(step + 1, group.First)), setup.At(hyperschedule.TimeAt(step, group.First)));
            if (way.Sampler is ByConfidence)
            {
                // A number of masks is revealed, and all of them are looked at for that.
                double start = setup.At(1).MaskProbability;
                int left = ByConfidence.Left(group.Count, t.MaskProbability / start);
                bool reveals = ByConfidence.Left(group.Count, s.MaskProbability / start) < left;
                (asked, idle) = reveals ? (asked + left, 0) : (asked, idle);
                continue;
            }

            double masked = t.MaskProbability, moves = masked + (setup.OnlyMasks ? 0 : 1 - masked);
            if (way.Sampler is ITokenwise tokenwise)
            {
                // Of tokens that there are: noise that masks nothing has no move probabilities for a mask.
                double Drawn(double share, long token) =>
                    share == 0 ? 0 : share * tokenwise.ProbabilitiesOf(new TokenState(setup, step, token, s, t)).Drawn;
                moves = Drawn(masked, setup.Vocabulary.MaskId) + Drawn(1 - masked, 0);
            }
            else if (way.Sampler is MdlmCached)
            {
                moves = masked - s.MaskProbability;
            }

            asked += group.Count * moves;
            idle *= Math.Pow(Math.Max(0, 1 - moves), group.Count);
        }

        // Others that choose among the masks by the network's prediction call it in every step; how many masks are left is nearly sure.
        return (asked, way.Sampler is ITokenwise or MdlmCached or ByConfidence ? idle : 0);
    }

    // Positions that are active in the same steps.
    private sealed record Together(int Onset, int Settled, int First, int Last, int Count);
}
