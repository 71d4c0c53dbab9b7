namespace TorchSharp;

#pragma warning disable CA1001 // The stack points at scopes; whoever opened one disposes it.
/// <summary>The stack of scopes of one thread.</summary>
public sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? singleton;

    private DisposeScope? current;

    private DisposeScopeManager()
    {
    }

    /// <summary>What this thread made, disposed and let go of.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    private static DisposeScopeManager ThreadSingleton => singleton ??= new DisposeScopeManager();

    internal static DisposeScope Open()
    {
        var manager = ThreadSingleton;
        return manager.current = new DisposeScope(manager, manager.current);
    }

    internal void Close(DisposeScope scope)
    {
        if (ReferenceEquals(current, scope))
        {
            current = scope.OuterScope;
            return;
        }

        // Closed before one that lies inside of it: it drops out of the chain, the ones inside stay open.
        for (var inner = current; inner is not null; inner = inner.OuterScope)
        {
            if (!ReferenceEquals(inner.OuterScope, scope))
                continue;
            inner.OuterScope = scope.OuterScope;
            return;
        }
    }

    internal static void Created(torch.Tensor tensor)
    {
        var manager = ThreadSingleton;
        if (manager.current is not { } scope)
        {
            manager.StatisticsInstance.CreatedOutsideScopeCount++;
            return;
        }

        scope.Add(tensor);
        tensor.OwningDisposeScope = scope;
        manager.StatisticsInstance.CreatedInScopeCount++;
    }

    internal static void Disposed(torch.Tensor tensor)
    {
        var statistics = ThreadSingleton.StatisticsInstance;
        if (tensor.OwningDisposeScope is not { } scope)
        {
            statistics.DisposedOutsideScopeCount++;
            return;
        }

        scope.Remove(tensor);
        tensor.OwningDisposeScope = null;
        statistics.DisposedInScopeCount++;
    }
}
