using Bench.Kernels.Ranks;
using Xunit;

namespace Bench.Tests.Kernels;

public sealed class OpenMpiTests
{
    [Fact]
    public void A_library_that_is_not_there_is_named()
    {
        var (library, problem) = OpenMpi.Find(["libnowhere.so.40", "libneither.so"]);
        Assert.Null(library);
        Assert.Equal("Open MPI is not there: no library libnowhere.so.40 or libneither.so can be loaded", problem);
    }

    [Fact]
    public void Another_library_is_not_taken_for_it()
    {
        var (library, problem) = OpenMpi.Find(["libnowhere.so", "libc.so.6"]);
        Assert.Null(library);
        Assert.StartsWith("libc.so.6 is not Open MPI (", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void It_says_its_version_before_it_is_begun()
    {
        if (OpenMpiRanks.Problem is var (what, fix))
            Assert.All([what, fix], text => Assert.NotEmpty(text));
        else
            Assert.Matches(@"^Open MPI v\d+\.\d+", OpenMpiRanks.Version);
    }
}
