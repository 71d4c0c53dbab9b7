using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Bench.Cli.Display;

/// <summary>What a task says of itself: loss, speed, time left.</summary>
internal sealed class WordsColumn : ProgressColumn
{
    private readonly ConcurrentDictionary<int, string> words = []; // drawn by a thread of its own

    /// <summary>What stands beside the task's bar from now on.</summary>
    public string this[ProgressTask task]
    {
        set => words[task.Id] = value;
    }

    /// <inheritdoc/>
    protected override bool NoWrap => true;

    /// <inheritdoc/>
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
        new Text(words.GetValueOrDefault(task.Id, ""), new Style(Color.Grey)).Overflow(Overflow.Ellipsis);
}
