using Bench.Backbone;
using Bench.Reference.Objectives;

namespace Bench.Tests.Golden;

/// <summary>HDLM's weights of blocks, and the part of SEDD's offset that depends on σ.</summary>
public sealed class HdlmBlockWeights : IGoldenFamily
{
    public string Family => "hdlm_model_utils";

    public string? Check(GoldenCase golden)
    {
        if (golden.Function == "get_block_weighting")
        {
            golden.Expected.Match("weights", ReleasedCopyLoss.Weights(golden.Count("seq_len"), golden.Count("width")), what: "weights");
            return null;
        }

        double[] outputs = GoldenCase.Numbers(golden.Inputs.GetProperty("x")),
            sigma = GoldenCase.Numbers(golden.Inputs.GetProperty("sigma"));
        int each = outputs.Length / sigma.Length; // one σ a row, or one a token
        golden.Expected.Match("scaled", [.. outputs.Select((x, i) => x - ScoreOutput.Offset(sigma[i / each], tokenCount: 1))],
            what: "scaled");
        return null;
    }
}
