using Bench.Noise;
using Bench.Objectives;
using Bench.Reference.Sampling;

namespace Bench.Tests.Golden;

/// <summary>
/// HDLM's mixed graph. Earlier scores and score entropies are compared twice: ours with the exact ones, the released forms with what the
/// public code computes.
/// </summary>
public sealed class HdlmGraphQgamma : IGoldenFamily
{
    // The limiting distribution of the public code is that at this noise, whatever the schedule.
    private const double Limit = 4;

    public string Family => "hdlm_graph_qgamma";

    public string? Check(GoldenCase golden)
    {
        double gamma = golden.Number("gamma");
        int tokenCount = golden.Count("num_tokens");
        var graph = new Graph(new GammaHybrid(gamma), tokenCount, HasMask: true);
        switch (golden.Group)
        {
            case "matrices":
                double sigma = golden.Number("sigma");
                Expect("Q", graph.Rates(transposed: false));
                Expect("transp_rate", graph.Rates(transposed: false));
                Expect("rate", graph.Rates(transposed: true));
                Expect("full_transition", graph.Transition(sigma, transposed: false));
                Expect("transp_transition", graph.Transition(sigma, transposed: false));
                golden.Exact.Match("exp_sigma_Q", graph.Transition(sigma, transposed: false), 1e-12, "e^σQ");
                return null;
            case "staggered":
                var (logScores, delta) = (golden.Inputs.GetProperty("log_score"), GoldenCase.Numbers(golden.Inputs.GetProperty("dsigma")));
                Expect("staggered", graph.Staggered(logScores, d => ReleasedStaggered.Of(gamma, d, tokenCount), delta));
                golden.Exact.Match("staggered", graph.Staggered(logScores, d => Staggered.Of(graph.Process.At(d), tokenCount), delta));
                return null;
            case "entropy":
                Expect("score_entropy",
                    graph.Entropy(golden, (s, masked, unchanged) => ReleasedScoreTerm.Of(gamma, s, masked, unchanged, tokenCount)));
                double[] ours = graph.Entropy(golden, graph.Exact);
                long[] x = GoldenCase.Integers(golden.Inputs.GetProperty("x"));
                // no value for what never occurs
                golden.Exact.Match("score_entropy", ours, where: at => !(gamma == 1 && x[at] == tokenCount));
                return null;
            case "reverse":
                Expect("reverse_rate", graph.Reverse(golden));
                return null;
            case "sample":
                Expect("x", Array.ConvertAll(graph.Sample(golden), token => (double)token));
                return null;
            default:
                var prior = graph.Process.At(Limit);
                var draws = GoldenDraw.All(golden);
                double[] u = draws[0].Uniforms();
                golden.Only("shape", golden.Inputs.GetProperty("shape").Numbers()
                    .Aggregate(1.0, (product, count) => product * count) == u.Length, "that of the draws");
                // Clean tokens are left out.
                Expect("x", [.. u.Zip(draws[1].Integers(0, tokenCount), (place, token) => place < prior.Mask / (prior.Mask + prior.Uniform)
                    ? tokenCount : token)]);
                return null;
        }

        void Expect(string name, double[] found) => golden.Expected.Match(name, found);
    }
}
