namespace Bench.Tests.Golden;

/// <summary>HDLM's copies of SEDD's graphs, with their matrices written out.</summary>
public sealed class HdlmGraphBasic : IGoldenFamily
{
    public string Family => "hdlm_graph_basic";

    public string? Check(GoldenCase golden) => new SeddGraph().Check(golden);
}
