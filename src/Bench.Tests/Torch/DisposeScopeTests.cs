using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Bench.Tests.Torch;

/// <summary>The semantics of TorchSharp's scopes, rule by rule.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void What_was_made_in_a_scope_goes_with_it()
    {
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = zeros(1);
            Assert.True(scope.Contains(inside));
            Assert.Equal(1, scope.DisposablesCount);
        }

        Assert.True(inside.IsInvalid);
        Assert.Throws<ObjectDisposedException>(() => inside + 1);
    }

    [Fact]
    public void What_was_made_before_or_after_stays()
    {
        var before = zeros(1);
        NewDisposeScope().Dispose();
        var after = zeros(1);
        Assert.False(before.IsInvalid || after.IsInvalid);
        before.Dispose();
        after.Dispose();
    }

    [Fact]
    public void Inner_scopes_end_first_and_hand_outwards_what_is_moved()
    {
        Tensor kept, lost, far;
        using (var outer = NewDisposeScope())
        {
            using (var middle = NewDisposeScope())
            {
                using (var inner = NewDisposeScope())
                {
                    kept = inner.MoveToOuter(zeros(1));
                    far = zeros(1).MoveToOuterDisposeScope().MoveToOuterDisposeScope();
                    lost = zeros(1);
                }

                Assert.Equal((true, false, false), (lost.IsInvalid, kept.IsInvalid, far.IsInvalid));
                Assert.True(middle.Contains(kept) && outer.Contains(far));
            }

            Assert.Equal((true, false), (kept.IsInvalid, far.IsInvalid));
        }

        Assert.True(far.IsInvalid);
    }

    [Fact]
    public void Moved_out_of_the_outermost_scope_a_tensor_belongs_to_the_caller()
    {
        Tensor kept;
        using (NewDisposeScope())
            kept = zeros(1).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Detached_tensors_stay_and_attached_ones_go()
    {
        using var strange = zeros(1);
        Tensor detached;
        using (var outer = NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                detached = zeros(1).DetachFromDisposeScope();
                Assert.Same(strange, strange.MoveToOuterDisposeScope());
                inner.Attach(strange);
                inner.Attach(strange);
                outer.Attach(inner.Detach(zeros(1)));
                Assert.Equal((1, 1), (inner.DisposablesCount, outer.DisposablesCount));
            }

            Assert.Equal((true, false), (strange.IsInvalid, detached.IsInvalid));
        }

        detached.Dispose();
    }

    [Fact]
    public void Attaching_takes_a_tensor_from_the_scope_that_had_it()
    {
        using var outer = NewDisposeScope();
        Tensor moved;
        using (var inner = NewDisposeScope())
        {
            moved = zeros(1);
            outer.Attach(moved);
            Assert.False(inner.Contains(moved));
        }

        Assert.False(moved.IsInvalid);
    }

    [Fact]
    public void A_tensor_disposed_inside_leaves_its_scope()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1);
        x.Dispose();
        x.Dispose();
        Assert.Equal(0, scope.DisposablesCount);
        Assert.False(scope.Contains(x));
    }

    [Fact]
    public void A_closed_scope_refuses_and_closing_twice_does_nothing()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        scope.Dispose();
        using var x = zeros(1);
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.Throws<ObjectDisposedException>(() => scope.Attach(x));
        Assert.Throws<ObjectDisposedException>(() => scope.Detach(x));
        Assert.Throws<ObjectDisposedException>(() => scope.MoveToOuter(x));
        Assert.False(scope.Contains(x));
    }

    [Fact]
    public void A_scope_closed_out_of_turn_leaves_the_inner_one_open()
    {
        var outer = NewDisposeScope();
        var middle = NewDisposeScope();
        var inner = NewDisposeScope();
        middle.Dispose();
        var x = zeros(1);
        Assert.True(inner.Contains(x));
        inner.MoveToOuter(x);
        Assert.True(outer.Contains(x));
        inner.Dispose();
        Assert.True(outer.Contains(zeros(1)));
        outer.Dispose();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void Scopes_hold_tensors_only()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Assert.Throws<InvalidOperationException>(() => scope.Attach(stream));
    }

    [Fact]
    public void A_scope_belongs_to_its_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? foreign = null;
        var thread = new Thread(() => foreign = zeros(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(foreign!));
        foreign!.Dispose();
    }

    [Fact]
    public void Tensors_of_a_scope_may_be_disposed_by_another_thread_while_the_scope_works()
    {
        using var scope = NewDisposeScope();
        var made = Enumerable.Range(0, 2000).Select(_ => zeros(1)).ToArray();
        var thread = new Thread(() => Array.ForEach(made, x => x.Dispose()));
        thread.Start();
        for (int i = 0; i < 2000; i++)
            zeros(1).Dispose();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void Statistics_count_what_each_thread_made_and_disposed()
    {
        var counts = new List<long>();
        var thread = new Thread(() =>
        {
            var statistics = DisposeScopeManager.Statistics;
            statistics.Reset();
            var outside = zeros(1);
            using (var scope = NewDisposeScope())
            {
                _ = zeros(1);
                var detached = zeros(1).DetachFromDisposeScope();
                scope.Attach(outside);
                detached.Dispose();
                zeros(1).Dispose();
                counts.Add(statistics.ThreadTotalLiveCount);
            }

            counts.AddRange([
                statistics.CreatedOutsideScopeCount, statistics.CreatedInScopeCount, statistics.AttachedToScopeCount, statistics.DetachedFromScopeCount,
                statistics.DisposedInScopeCount, statistics.DisposedOutsideScopeCount, statistics.ThreadTotalLiveCount]);
        });
        thread.Start();
        thread.Join();
        Assert.Equal([2, 1, 3, 1, 1, 3, 1, 0], counts);
    }
}
