using Bench.Reporting.TableBuilders;
using Xunit;

namespace Bench.Tests.Reporting;

public sealed class ProtocolLinesTests
{
    [Fact]
    public void One_protocol_needs_no_names() => Assert.Equal(["exact; all chunks."], ProtocolLines.Of([("AR", "exact; all chunks"), ("MDLM", "exact; all chunks")]));

    [Fact]
    public void What_all_share_is_said_once() => Assert.Equal(
        ["All: 64 chunks.", "AR; Forcing: exact.", "MDLM: bound; 8 draws."],
        ProtocolLines.Of([("AR", "exact; 64 chunks"), ("MDLM", "bound; 8 draws; 64 chunks"), ("Forcing", "exact; 64 chunks")]));

    [Fact]
    public void Nothing_is_lost_where_nothing_is_shared() => Assert.Equal(["AR: exact.", "MDLM: exact; twice."], ProtocolLines.Of([("AR", "exact"), ("MDLM", "exact; twice")]));

    [Fact]
    public void A_protocol_that_is_nothing_but_what_is_shared_stays() => Assert.Equal(["AR: here.", "MDLM: there; here."], ProtocolLines.Of([("AR", "here"), ("MDLM", "there; here")]));
}
