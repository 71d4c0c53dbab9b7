using Bench.Reporting.Tables;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class ProtocolLinesTests
{
    [Fact]
    public void One_protocol_needs_no_names() =>
        Assert.Equal(["exact; all chunks."], ProtocolLines.Of([("AR", "exact; all chunks"), ("MDLM", "exact; all chunks")]));

    [Fact]
    public void Shared_parts_are_printed_once() => Assert.Equal(
        ["All: 64 chunks.", "AR; Forcing: exact.", "MDLM: bound; 8 draws."],
        ProtocolLines.Of([("AR", "exact; 64 chunks"), ("MDLM", "bound; 8 draws; 64 chunks"), ("Forcing", "exact; 64 chunks")]));

    [Fact]
    public void Without_shared_parts_nothing_is_removed() =>
        Assert.Equal(["AR: exact.", "MDLM: exact; twice."], ProtocolLines.Of([("AR", "exact"), ("MDLM", "exact; twice")]));

    [Fact]
    public void A_protocol_of_shared_parts_alone_is_kept() =>
        Assert.Equal(["AR: here.", "MDLM: there; here."], ProtocolLines.Of([("AR", "here"), ("MDLM", "there; here")]));
}
