using System.Text.Json.Nodes;
using Bench.Tasks;

namespace Bench.Experiments.Definitions.Keys;

/// <summary>A task: its name, the task with defaults, and its keys.</summary>
/// <param name="Doc">What its examples are, as part of a sentence.</param>
/// <param name="Blank">The task before its keys are read.</param>
/// <param name="Keys">The keys under <c>task</c> beside <c>kind</c> that it has.</param>
internal abstract record TaskRow(string Doc, ITask Blank, Section Keys)
{
    /// <summary>The name that definitions have for it.</summary>
    public string Kind => Blank.Name;

    /// <summary>The task with the values that were read.</summary>
    public abstract ITask Make(Values values);

    /// <summary>The keys of a task of this row in JSON.</summary>
    public abstract JsonObject Write(ITask task, bool isIdentity);
}

/// <summary>A task of a type, whose properties its keys fill.</summary>
/// <inheritdoc cref="TaskRow"/>
internal sealed record TaskRow<TTask>(string Doc, TTask Task, Section Keys) : TaskRow(Doc, Task, Keys)
    where TTask : ITask
{
    /// <inheritdoc/>
    public override ITask Make(Values values) => Keys.Make(Task, values);

    /// <inheritdoc/>
    public override JsonObject Write(ITask task, bool isIdentity) => Keys.Write((TTask)task, isIdentity);
}
