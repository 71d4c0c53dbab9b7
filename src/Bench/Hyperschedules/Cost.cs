namespace Bench.Hyperschedules;

/// <summary>What it costs to generate along a hyperschedule, with the keys and values of settled tokens cached (HDLM, arXiv 2504.06416).</summary>
/// <param name="Calls">Network calls: T.</param>
/// <param name="Active">ω: positions that a call is asked for, on average.</param>
/// <param name="Settled">ρ: positions that a call settles, on average.</param>
public sealed record Cost(int Calls, double Active, double Settled)
{
    /// <summary>ω/ρ: how often a position is fed until it is settled. K for every hyperschedule whose positions never pause.</summary>
    public double PerToken => Active / Settled;

    /// <summary>Counts the regions of a hyperschedule.</summary>
    public static Cost Of(Hyperschedule hyperschedule)
    {
        long fed = 0, settled = 0;
        for (int i = 0; i < hyperschedule.Length; i++)
        {
            fed += hyperschedule.SettledAfter(i) - hyperschedule.OnsetOf(i);
            settled += hyperschedule.SettledAfter(i) > 0 ? 1 : 0;
        }

        return new(hyperschedule.Steps, (double)fed / hyperschedule.Steps, (double)settled / hyperschedule.Steps);
    }
}
