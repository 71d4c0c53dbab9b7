using Bench.Reference.Sampling;

namespace Bench.Tests.Golden;

/// <summary>
/// Whole runs of HDLM's ε-hybrid samplers: what the network is shown in each call, what is compared with which probability, and the
/// sequences.
/// </summary>
public sealed class HdlmEpsilonSampler : IGoldenFamily
{
    public string Family => "hdlm_epsilon_sampler";

    public string? Check(GoldenCase golden)
    {
        long maskId = golden.Count("mask_index");
        golden.Only("mask_index", maskId == golden.Count("vocab_size") - 1, "the last number of the vocabulary");
        var network = new RecordedNetwork(golden.Inputs.GetProperty("logits_per_call"));
        var draws = new RecordedDraws(GoldenDraw.All(golden));
        var pick = new RecordedPick(new TemperedRace(draws, golden.Number("temperature")));
        long[][] x = GoldenTokens.Masks(golden, golden.Count("batch"), golden.Count("length"), maskId);
        Run(golden, network.Answer, x, maskId, draws, pick);

        network.AssertCalled();
        draws.AssertSpent();
        network.AssertShown(golden.Expected, "x_at_each_call");
        golden.Expected.Match("x_final", x);
        draws.AssertThresholds(golden.Expected, "thresholds");
        if (golden.Expected.Has("gumbel_inputs"))
            pick.AssertWeights(golden.Expected, "gumbel_inputs");
        return null;
    }

    private static void Run(GoldenCase golden, ReleasedNetwork network, long[][] x, long maskId, IDraws draws, IPick pick)
    {
        var algorithm = Algorithm(golden);
        switch (golden.Function)
        {
            case "full_diff" or "semi_diff":
                int given = golden.Inputs.TryGetProperty("prompt", out var prompt) ? (int)prompt.Shape()[1] : 0;
                int? width = golden.Inputs.TryGetProperty("block_size", out var size) ? size.GetInt32() : null;
                new ReleasedAligned(algorithm, Grid(golden), golden.Number("eta")) { Given = given, Width = width }.Run(
                    network, x, maskId, draws, pick);
                return;
            case "full_diff_shifted":
                golden.Only("fixed_eta", ReleasedShifted.Eta, "the code does not let it be chosen");
                new ReleasedShifted(algorithm, Grid(golden), golden.Number("repetition_penalty")).Run(network, x, maskId, draws, pick);
                return;
            default:
                golden.Only("fixed_eta", ReleasedShiftedBlocks.Eta, "the code does not let it be chosen");
                var path = Windows.Of(golden);
                var sampler =
                    new ReleasedShiftedBlocks(algorithm, path, GoldenMask.Context(golden), GoldenMask.Block(golden), path.Width + 1)
                {
                    Floor = golden.Number("eps"),
                    Temperature = golden.Number("temperature"),
                    Penalty = golden.Number("repetition_penalty"),
                };
                sampler.Run(network, x, maskId, draws, pick);
                return;
        }
    }

    private static ReleasedGrid Grid(GoldenCase golden) => new(golden.Count("steps"), golden.Number("eps"));

    private static ReleasedAlgorithm Algorithm(GoldenCase golden) => golden.Text("alg") switch
    {
        "original" => ReleasedAlgorithm.Original,
        "acs" => ReleasedAlgorithm.Acs,
        "remask" => ReleasedAlgorithm.Remask,
        "remask_adhoc_shuffle" => ReleasedAlgorithm.RemaskShuffle,
        "remdm" => ReleasedAlgorithm.ReMdm,
        var other => throw new NotSupportedException($"no algorithm called {other}"),
    };
}
