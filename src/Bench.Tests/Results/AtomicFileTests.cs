using Bench.Results;
using Xunit;

namespace Bench.Tests.Results;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_in_the_way_of_a_file_is_called_one_and_not_read_only()
    {
        Directory.CreateDirectory(folder["report.xml"]);
        var refused = Assert.Throws<SuiteException>(() => AtomicFile.Write(folder["report.xml"], "text"));
        Assert.EndsWith("report.xml cannot be written: it is a folder.", refused.Message, StringComparison.Ordinal);
    }
}
