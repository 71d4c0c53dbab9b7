using Bench.Noise;
using Bench.Noise.Released;

namespace Bench.Tests.Golden;

/// <summary>HDLM's mixed graph. Earlier scores and score entropies are compared twice: ours with the exact ones, the released forms with what the public code computes.</summary>
public sealed class HdlmGraphQgamma : IGoldenFamily
{
    // The limiting law of the public code is that at this noise, whatever the schedule.
    private const double Limit = 4;

    public string Family => "hdlm_graph_qgamma";

    public string? Check(GoldenCase golden)
    {
        double gamma = golden.Number("gamma");
        int words = golden.Count("num_tokens");
        var graph = new Graph(new GammaHybrid(gamma), words, HasMask: true);
        double[] Exact(string name) => GoldenCase.Numbers(golden.Json.GetProperty("exact").GetProperty(name));
        switch (golden.Json.GetProperty("group").GetString())
        {
            case "matrices":
                double sigma = golden.Number("sigma");
                Expect("Q", graph.Rates(transposed: false));
                Expect("transp_rate", graph.Rates(transposed: false));
                Expect("rate", graph.Rates(transposed: true));
                Expect("full_transition", graph.Transition(sigma, transposed: false));
                Expect("transp_transition", graph.Transition(sigma, transposed: false));
                Close.Assert(Exact("exp_sigma_Q"), graph.Transition(sigma, transposed: false), 1e-12, "e^σQ");
                return null;
            case "staggered":
                var (logScores, delta) = (golden.Inputs.GetProperty("log_score"), GoldenCase.Numbers(golden.Inputs.GetProperty("dsigma")));
                Expect("staggered", graph.Staggered(logScores, d => ReleasedStaggered.Of(gamma, d, words), delta));
                Close.Assert(Exact("staggered"), graph.Staggered(logScores, d => Staggered.Of(graph.Process.At(d), words), delta), 1e-9, "exact staggered");
                return null;
            case "entropy":
                Expect("score_entropy", graph.Entropy(golden, (s, masked, unchanged) => ReleasedScoreTerm.Of(gamma, s, masked, unchanged, words)));
                double[] exact = Exact("score_entropy"), ours = graph.Entropy(golden, graph.Exact);
                Close.Assert(exact, [.. ours.Zip(exact, (entropy, truth) => double.IsNaN(truth) ? truth : entropy)], 1e-9, "exact score entropy"); // no value for what never occurs
                return null;
            case "reverse":
                Expect("reverse_rate", graph.Reverse(golden));
                return null;
            case "sample":
                Expect("x", Array.ConvertAll(graph.Sample(golden), token => (double)token));
                return null;
            default:
                var prior = graph.Process.At(Limit);
                double[] u = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[0].GetProperty("values")), drawn = GoldenCase.Numbers(golden.Inputs.GetProperty("draws")[1].GetProperty("values"));
                Expect("x", [.. u.Zip(drawn, (place, word) => place < prior.Mask / (prior.Mask + prior.Uniform) ? words : word)]); // what is clean still is left out
                return null;
        }

        void Expect(string name, double[] found) => Close.Assert(GoldenCase.Numbers(golden.Expected.GetProperty(name)), found, 1e-9, name);
    }
}
