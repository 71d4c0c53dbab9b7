using Bench.Noise;

namespace Bench.Tests.Golden;

/// <summary>SEDD's graphs: rates, transitions, earlier scores, reverse rates and score entropies of uniform and absorbing noise.</summary>
public sealed class SeddGraph : IGoldenFamily
{
    public string Family => "sedd_graph";

    public string? Check(GoldenCase golden)
    {
        bool absorbs = golden.Text("graph") == "absorb";
        var graph = new Graph(absorbs ? new Absorbing() : new Uniform(), golden.Count("num_tokens"), HasMask: absorbs);
        switch (golden.Group.Split('-')[1])
        {
            case "rates":
                double sigma = golden.Number("sigma");
                Expect("transp_rate", graph.Rates(transposed: false)); // row i is what leads into i
                Expect("rate", graph.Rates(transposed: true));
                Expect("transp_transition", graph.Transition(sigma, transposed: false));
                if (golden.Expected.Has("transition"))
                    Expect("transition", graph.Transition(sigma, transposed: true));
                golden.Only("states", golden.Count("states") == graph.States, "the number of tokens, and the mask where there is one");
                golden.Exact.Match("Q", graph.Rates(transposed: false));
                golden.Exact.Match("exp_sigma_Q", graph.Transition(sigma, transposed: false), 1e-12, "e^σQ");
                return null;
            case "full":
                Expect("Q", graph.Rates(transposed: false));
                Expect("full_transition", graph.Transition(golden.Number("sigma"), transposed: false));
                golden.Exact.Match("full_transition", graph.Transition(golden.Number("sigma"), transposed: false), 1e-12, "e^σQ");
                return null;
            case "staggered":
                double[] earlier = graph.Staggered(
                    golden.Inputs.GetProperty("log_score"), delta => Staggered.Of(graph.Process.At(delta), graph.TokenCount),
                    GoldenCase.Numbers(golden.Inputs.GetProperty("dsigma")));
                Expect("staggered", earlier);
                Expect("score", [.. GoldenCase.Numbers(golden.Inputs.GetProperty("log_score")).Select(Math.Exp)]);
                golden.Exact.Match("staggered", earlier);
                return null;
            case "reverse":
                Expect("reverse_rate", graph.Reverse(golden));
                return null;
            case "entropy":
                // At σ = 0.001 terms of a few thousand cancel.
                double[] entropies = graph.Entropy(golden, graph.Exact);
                golden.Expected.Match("score_entropy", entropies, 1e-9, "score entropy");
                golden.Exact.Match("score_entropy", entropies);
                return null;
            default:
                Expect("x", Array.ConvertAll(graph.Sample(golden), token => (double)token));
                return null;
        }

        void Expect(string name, double[] ours) => golden.Expected.Match(name, ours);
    }
}
