namespace TorchSharp;

/// <summary>Disposes what was made while it was the innermost scope of its thread, except what was moved out or detached.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<IDisposable> held = new(ReferenceEqualityComparer.Instance);
    private readonly DisposeScopeManager manager;
    private bool closing;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        OuterScope = outer;
    }

    public int DisposablesCount => held.Count;

    internal DisposeScope? OuterScope { get; }

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(OuterScope, disposable);

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        if (!held.Remove(disposable))
            return disposable;
        if (scope is null)
            manager.StatisticsInstance.DetachedFromScopeCount++;
        else
            scope.held.Add(disposable);
        if (disposable is torch.Tensor tensor)
            tensor.OwningDisposeScope = scope;
        return disposable;
    }

    /// <summary>From now on the caller disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    public void Attach(IDisposable disposable)
    {
        if (!held.Add(disposable))
            return;
        manager.StatisticsInstance.AttachedToScopeCount++;
        if (disposable is not torch.Tensor tensor)
            return;
        tensor.OwningDisposeScope?.held.Remove(tensor);
        tensor.OwningDisposeScope = this;
    }

    public bool Contains(IDisposable disposable) => held.Contains(disposable);

    public void Dispose()
    {
        closing = true;
        foreach (var disposable in held)
        {
            disposable.Dispose();
            if (disposable is not torch.Tensor)
                manager.StatisticsInstance.DisposedInScopeCount++;
        }

        held.Clear();
        manager.Close(this);
    }

    internal void Add(torch.Tensor tensor) => held.Add(tensor);

    internal void MarkAsDisposed(IDisposable disposable)
    {
        // While everything goes, the set that is being walked stays as it is.
        if (closing || held.Remove(disposable))
            manager.StatisticsInstance.DisposedInScopeCount++;
    }
}
