using System.Text;
using Bench.Cli;
using Xunit;

namespace Bench.Tests.Cli;

public sealed class StoppableWriterTests
{
    [Fact]
    public void Text_is_written_as_it_comes()
    {
        var text = new StringWriter { NewLine = "\n" };
        using var writer = new StoppableWriter(text, CancellationToken.None);
        writer.Write('a');
        writer.Write("b{0}", 1);
        writer.WriteLine("c");
        writer.Write(['d', 'e', 'f'], 1, 2);
        writer.WriteLine();
        Assert.Equal("ab1c\nef\n", text.ToString());
    }

    [Fact]
    public void A_failure_is_that_of_the_inner_writer()
    {
        using var broken = new Blocked(() => throw new IOException("Broken pipe"));
        using var writer = new StoppableWriter(broken, CancellationToken.None);
        Assert.Equal("Broken pipe", Assert.Throws<IOException>(() => writer.WriteLine("lost")).Message);
    }

    // Without the request it would wait for ever: the test ends, or hangs.
    [Fact]
    public async Task After_the_request_to_end_no_write_waits_for_a_reader()
    {
        using var open = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        using var blocked = new Blocked(() =>
        {
            begun.Set();
            open.Wait();
        });
        await using var writer = new StoppableWriter(blocked, stop.Token);
        var first = Task.Run(() => writer.WriteLine("first"));
        begun.Wait();
        Assert.False(first.IsCompleted);
        var second = Task.Run(() => writer.WriteLine("second"));
        await stop.CancelAsync();
        await Task.WhenAll(first, second);
        writer.WriteLine("third");
        Assert.Equal("", blocked.Text);
        open.Set();
        Assert.True(SpinWait.SpinUntil(() => blocked.Text == "first", TimeSpan.FromMinutes(1)));
    }

    private sealed class Blocked(Action before) : TextWriter
    {
        private volatile string text = "";

        public string Text => text;

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value)
        {
            before();
            text += value;
        }
    }
}
