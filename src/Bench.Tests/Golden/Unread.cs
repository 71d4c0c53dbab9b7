using Xunit.Sdk;

namespace Bench.Tests.Golden;

/// <summary>What checks of golden cases may leave out, by name and with the reason; all else has to be read and compared.</summary>
internal static class Unread
{
    private const string FirstHitting = "each step reveals one mask, whenever it happens";

    private const string Blocked = 
        "a query that may attend to no key attends to itself here, and to every key there: its outputs, which the loss sums, are not "
            + "compared";

    // Inputs that the public function takes and its result does not depend on.
    private static readonly (string Family, string Function, string Input, Func<GoldenCase, bool>? When, string Reason)[] WithoutEffect =
    [
        ("bd3lm_noise", "LogarithmicNoise", "eps", null, "the constructor takes it, and no formula of this schedule uses it"),
        ("bd3lm_sampler", "Diffusion._denoiser_update", "dt", null, "the last step goes from t to 0, whatever the length of the others"),
        ("bd3lm_sampler", "Diffusion._ddpm_caching_update", "t", golden => golden.Has("first_hitting"), FirstHitting),
        ("bd3lm_sampler", "Diffusion._ddpm_caching_update", "dt", golden => golden.Has("first_hitting"), FirstHitting),
        ("bd3lm_sampler", "Diffusion._ddpm_caching_update", "noise", golden => golden.Has("first_hitting"), FirstHitting),
        ("hdlm_network", "HDLM.forward", "loss_projection", golden => HdlmNetwork.Blocked(golden).Length > 0, Blocked),
        ("hdlm_network", "HDLM_Gamma.forward", "loss_projection", golden => HdlmNetwork.Blocked(golden).Length > 0, Blocked),
        ("remdm_sampler", "Diffusion._ddpm_caching_update", "eta", golden =>
            golden.Text("sampler") is "mdlm" or "forward-backward" or "remdm-conf",
            "these samplers choose how much they mask again without it"),
    ];

    // Functions of which this suite has no counterpart.
    private static readonly Dictionary<(string Family, string Function), string> WithoutCounterpart = new()
    {
        [("svdd_step", "Diffusion._ddpm_update_finetune_controlled_DPS")] = "steps along gradients of a reward are not built yet",
        [("svdd_exact", "classifier guidance by single-site tilts, exact value")] = "steps tilted token by token are not built yet",
        [("hdlm_noise", "ARDiffusionNoise.compute_token_timesteps")] =
            "nothing in the public code constructs these position-dependent times; here a hyperschedule gives every position its own",
    };

    /// <summary>Fails where a check that compared a case has not read one of its inputs.</summary>
    public static void AssertNone(GoldenCase golden)
    {
        string[] all = [.. golden.Inputs.Unread]; // before a condition reads anything
        string[] unread = [.. all.Where(input => !WithoutEffect.Any(known =>
            (known.Family, known.Function, known.Input) == (golden.Family, golden.Function, input)
                && known.When?.Invoke(golden) != false))];
        if (unread.Length == 0)
            return;
        string names = string.Join(", ", unread);
        throw new XunitException(
            $"{golden.Family}/{golden.Name} was compared without its inputs {names}: read them, or say in {nameof(Unread)} why they have "
                + $"no effect");
    }

    /// <summary>Fails where a check did not compare a case that it should have.</summary>
    public static void AssertMayBeSkipped(GoldenCase golden, string reason)
    {
        if (!golden.Expected.Has("raises") && !WithoutCounterpart.ContainsKey((golden.Family, golden.Function)))
        {
            throw new XunitException(
                $"{golden.Family}/{golden.Name} is not compared: {reason}. Only cases in which the public code fails, and functions "
                    + $"named in "
                + $"{nameof(Unread)}, are left out");
        }
    }
}
