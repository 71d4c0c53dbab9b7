using Bench.Reference.Guidance;

namespace Bench.Tests.Golden;

/// <summary>FK steering's public resampling, as released (expected): ancestors, their probabilities and what particles remember.</summary>
public sealed class FkSteering : IGoldenFamily
{
    public string Family => "fk_steering";

    public string? Check(GoldenCase golden)
    {
        int steps = golden.Count("time_steps"), particles = golden.Count("particles");
        var released = new ReleasedSteering(
            golden.Text("potential"), golden.Number("lambda"), particles, steps, golden.Count("resample_frequency"),
            golden.Count("adaptive") != 0, golden.Number("reward_min_value"));
        double[][] rewards = [.. golden.Inputs.GetProperty("rewards_per_step").Numbers().Chunk(particles)];
        double[][] uniforms = [.. golden.Inputs.GetProperty("uniforms_per_resampling").Numbers().Chunk(particles)];
        int drawn = 0;
        foreach (var (step, row) in golden.Expected.Rows("steps").Index())
        {
            row.Match("step", step);
            var (ancestors, probabilities) = released.Take(step, rewards[step], () => uniforms[drawn++]);
            row.Match("ancestors", ancestors.Select(place => (long)place));
            if (probabilities is null)
                row.MatchNothing("probabilities");
            else
                row.Match("probabilities", probabilities);
            row.Match("population_rewards", released.Running);
            row.Match("product_of_potentials", released.Products);
        }

        return null;
    }
}
