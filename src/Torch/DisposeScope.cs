namespace TorchSharp;

/// <summary>Disposes what was made while it was the innermost scope of its thread, except what was moved out or detached.</summary>
/// <remarks>A scope belongs to the thread that opened it, but what it holds may be disposed from any.</remarks>
public sealed class DisposeScope : IDisposable
{
    private readonly Lock exclusive = new();
    private HashSet<IDisposable> held = new(ReferenceEqualityComparer.Instance);
    private DisposeScopeManager? manager;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        this.manager = manager;
        OuterScope = outer;
    }

    /// <summary>How many things will be disposed with the scope.</summary>
    public int DisposablesCount
    {
        get
        {
            _ = Opened();
            lock (exclusive)
                return held.Count;
        }
    }

    internal DisposeScope? OuterScope { get; set; }

    /// <summary>From now on the scope around this one disposes it, or the caller when there is none.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(OuterScope, disposable);

    /// <summary>From now on the other scope disposes it, or the caller when that is null.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        var owner = Opened();
        if (!Remove(disposable))
            return disposable;
        if (disposable is torch.Tensor tensor)
            tensor.OwningDisposeScope = scope;
        if (scope is null)
            owner.StatisticsInstance.DetachedFromScopeCount++;
        else
            scope.Add(disposable);
        return disposable;
    }

    /// <summary>From now on the caller disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable => MoveToOther(null, disposable);

    /// <summary>From now on this scope disposes it, and no other.</summary>
    /// <exception cref="InvalidOperationException">It is no tensor.</exception>
    public void Attach(IDisposable disposable)
    {
        var owner = Opened();
        if (disposable is not torch.Tensor tensor)
            throw new InvalidOperationException($"A scope holds tensors, not a {disposable.GetType().Name}.");
        if (tensor.OwningDisposeScope == this)
            return;
        tensor.OwningDisposeScope?.Remove(tensor);
        tensor.OwningDisposeScope = this;
        Add(tensor);
        owner.StatisticsInstance.AttachedToScopeCount++;
    }

    public bool Contains(IDisposable disposable)
    {
        lock (exclusive)
            return held.Contains(disposable);
    }

    /// <summary>Disposes everything that is held, and ends the scope.</summary>
    public void Dispose()
    {
        if (manager is null)
            return;
        HashSet<IDisposable> last;
        lock (exclusive)
            (last, held) = (held, []);
        foreach (var disposable in last)
            disposable.Dispose();
        manager.Close(this);
        manager = null;
    }

    internal void Add(IDisposable disposable)
    {
        lock (exclusive)
            held.Add(disposable);
    }

    internal bool Remove(IDisposable disposable)
    {
        lock (exclusive)
            return held.Remove(disposable);
    }

    private DisposeScopeManager Opened() => manager ?? throw new ObjectDisposedException(nameof(DisposeScope), "This scope has ended already.");
}
