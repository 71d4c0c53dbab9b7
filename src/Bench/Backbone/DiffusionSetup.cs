using Bench.Attention;
using Bench.Data;
using Bench.Hyperschedules;
using Bench.Noise;
using Bench.Noise.Schedules;

namespace Bench.Backbone;

/// <summary>The diffusion setup that objectives and samplers share: vocabulary, noise, schedule, hyperschedule and backbone view.</summary>
/// <param name="Vocabulary">The vocabulary.</param>
/// <param name="Process">How a token is corrupted.</param>
/// <param name="Schedule">σ(t).</param>
/// <param name="Hyperschedule">Which position is how noisy at which step.</param>
/// <param name="View">How the backbone is used.</param>
public sealed record DiffusionSetup(Vocabulary Vocabulary, INoiseProcess Process, INoiseSchedule Schedule, Hyperschedule Hyperschedule,
    BackboneView View)
{
    /// <summary>The marginal at a noise time; at time 0 a token is settled, whatever noise the schedule leaves there.</summary>
    public Marginal At(double time) => time == 0 ? Marginal.Clean : Process.At(Schedule.Sigma(time));

    /// <summary>Whether a token that is not masked is the clean one, at every noise level.</summary>
    public bool OnlyMasks => !At(0.5).MayReplace;

    /// <summary>
    /// The distribution that generation starts from: the marginal at time 1 without what the schedule leaves clean there.
    /// </summary>
    public Marginal Start => At(1).Mixing;

    /// <summary>Whether two steps differ in nothing that the network is given beside the tokens, so that the same tokens have the same
    /// outputs.</summary>
    public bool IsSameCall(int step, int other) =>
        step == other
            || (!View.IsNoiseConditioned
                && Enumerable.Range(0, Hyperschedule.Length)
                    .All(i => Hyperschedule.RegionAt(step, i) == Hyperschedule.RegionAt(other, i)));
}
