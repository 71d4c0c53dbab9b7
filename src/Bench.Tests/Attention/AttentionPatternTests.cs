using Bench.Attention;
using Bench.Hyperschedules;
using Bench.Reference.Attention;
using Xunit;

namespace Bench.Tests.Attention;

/// <summary>Which keys each query attends to.</summary>
public sealed class AttentionPatternTests
{
    private static readonly BackboneView Aligned = new(Shifted: false, AttentionKind.Full, Conditioning.Constant);

    [Fact]
    public void In_a_block_of_the_whole_length_no_noisy_query_sees_a_clean_key()
    {
        var layout = Doubled(Hyperschedule.Block(6, 6, 3), Aligned);
        Assert.Equal(Enumerable.Range(6, 6), Seen(layout, query: 9));
        Assert.All(Enumerable.Range(6, 6), query => Assert.DoesNotContain(Seen(layout, query), key => key < 6));
    }

    [Fact]
    public void In_blocks_of_one_a_noisy_query_sees_itself_and_the_clean_tokens_before_it()
    {
        var layout = Doubled(Hyperschedule.Block(6, 1, 3), Aligned);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal([.. Enumerable.Range(0, i), 6 + i], Seen(layout, 6 + i)));
    }

    [Fact]
    public void Three_blocks_of_two_leave_48_of_144_pairs()
    {
        var layout = Doubled(Hyperschedule.Block(6, 2, 3), Aligned);
        Assert.Equal(48, Enumerable.Range(0, 12).Sum(query => Seen(layout, query).Length));
    }

    [Fact]
    public void A_shifted_block_holds_the_clean_token_before_it_and_all_of_its_own()
    {
        // Slots 0..3: [mask, x0, x1, x2]; 4..7: [mask, z0 | x1, z2], which predict; 8, 9: z1 and z3, the last of each block.
        var layout = Doubled(Hyperschedule.Block(4, 2, 3), Aligned with { Shifted = true });
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3, 2, 4], layout.Positions.AsEnumerable());
        Assert.Equal([4, 5, 8], Seen(layout, 4));
        Assert.Equal([0, 1, 6, 7, 9], Seen(layout, 6));
        Assert.Equal([0, 1, 6, 7, 9], Seen(layout, 9));
        Assert.Equal([0, 1], Seen(layout, 1));
    }

    [Fact]
    public void Rotary_positions_repeat_in_the_doubled_pass() =>
        Assert.Equal(
            [.. Enumerable.Range(0, 5), .. Enumerable.Range(0, 5)],
            Doubled(Hyperschedule.Block(5, 2, 3), Aligned).Positions.AsEnumerable());

    [Theory, InlineData(false), InlineData(true)]
    public void Blocks_need_one_mask_for_all_draws_and_batches(bool shifted)
    {
        var hyperschedule = Hyperschedule.Block(6, 2, 3);
        var view = Aligned with { Shifted = shifted };
        var layout = SequenceLayout.Doubled(hyperschedule, [.. LevelDraws(hyperschedule)], view);
        Assert.Equal(1, layout.Masks);
        Assert.All(LevelDraws(hyperschedule), draw => Assert.Same(layout, SequenceLayout.Doubled(hyperschedule, [draw, draw], view)));
        Assert.Same(SequenceLayout.Step(hyperschedule, 3, 4, view), SequenceLayout.Step(hyperschedule, 5, 4, view));
    }

    [Fact]
    public void Rows_that_need_fewer_slots_are_padded_with_slots_that_attend_only_to_themselves()
    {
        var hyperschedule = Hyperschedule.Slide(6, 4, 1);
        LevelDraw[] draws = [.. LevelDraws(hyperschedule)];
        var view = Aligned with { Shifted = true };
        var all = SequenceLayout.Doubled(hyperschedule, draws, view);
        Assert.Equal(draws.Length, all.Masks);
        Assert.Equal(draws.Length * all.Slots, all.Positions.Length);
        foreach (var (row, draw) in draws.Index())
        {
            var alone = SequenceLayout.Doubled(hyperschedule, [draw], view);
            Assert.All(Enumerable.Range(0, all.Slots),
                query => Assert.Equal(query < alone.Slots ? Seen(alone, query) : [query], Seen(all, query, row)));
        }

        Assert.Contains(draws, draw => SequenceLayout.Doubled(hyperschedule, [draw], view).Slots < all.Slots);
    }

    [Theory, MemberData(nameof(AttentionPatterns.All), MemberType = typeof(AttentionPatterns))]
    public void Every_query_has_at_least_one_key(int path, string name, bool shifted, AttentionKind block, AttentionKind context)
    {
        var schedule = AttentionPatterns.Paths[path];
        Assert.Equal(name, schedule.Name);
        var view = new BackboneView(shifted, block, Conditioning.Sigma, context);
        SequenceLayout[] layouts =
            [.. LevelDraws(schedule).Select(draw => SequenceLayout.Doubled(schedule, [draw], view)),
                .. Enumerable.Range(0, schedule.Steps).Select(step => SequenceLayout.Step(schedule, step, schedule.Length, view))];
        Assert.All(layouts, layout => Assert.All(Enumerable.Range(0, layout.Slots), query => Assert.NotEmpty(Seen(layout, query))));
    }

    [Fact]
    public void Later_tokens_attend_to_themselves_and_do_not_affect_others()
    {
        var hyperschedule = Hyperschedule.Block(6, 2, 3);
        var (plain, post) =
            (SequenceLayout.Step(hyperschedule, 0, 6, Aligned),
                SequenceLayout.Step(hyperschedule, 0, 6, Aligned with { PostActive = true }));
        Assert.All([0, 1], query => Assert.Equal(Seen(plain, query), Seen(post, query)));
        Assert.Equal([3], Seen(plain, 3));
        Assert.Equal([2, 3], Seen(post, 3));
        Assert.Equal([2, 3, 4, 5], Seen(post, 5));
    }

    [Fact]
    public void Positions_with_levels_of_their_own_see_each_other_whatever_their_levels()
    {
        // Two positions of a prompt, settled from the start, and three that are drawn at different steps.
        var hyperschedule = Hyperschedule.Independent(3, 4).WithPrefix(2);
        var draw = hyperschedule.Draw(0.5, position => 0.3 * (position - 1), continuous: false);
        Assert.Equal(3, draw.Steps[2..].Distinct().Count());
        Assert.Equal([0, 1, 7, 8, 9], Seen(SequenceLayout.Doubled(hyperschedule, [draw], Aligned), query: 8));
    }

    [Fact]
    public void A_shifted_view_refuses_a_schedule_that_does_not_go_from_left_to_right()
    {
        var hyperschedule = AttentionPatterns.Paths.Single(hyperschedule => hyperschedule.Name == "out-of-order");
        Assert.Contains(
            "out-of-order does not go from left to right", Assert.Throws<ArgumentException>(
                () => SequenceLayout.Step(hyperschedule, 0, 4, Aligned with { Shifted = true })).Message, StringComparison.Ordinal);
    }

    public static TheoryData<bool, AttentionKind, AttentionKind> Agreeing() => new()
    {
        { false, AttentionKind.Full, AttentionKind.Full },
        { false, AttentionKind.Full, AttentionKind.Causal },
        { false, AttentionKind.Causal, AttentionKind.Full },
        { false, AttentionKind.Causal, AttentionKind.Causal },
        { false, AttentionKind.BlockCausal, AttentionKind.Full },
        { false, AttentionKind.BlockCausal, AttentionKind.Causal },
        { true, AttentionKind.Causal, AttentionKind.Full },
    };

    [Theory, MemberData(nameof(Agreeing))]
    public void Along_blocks_the_public_code_sees_the_same_where_it_sees_anything(bool shifted, AttentionKind context, AttentionKind block)
    {
        foreach (var hyperschedule in new[] { Hyperschedule.Block(6, 2, 3), Hyperschedule.Block(9, 3, 2), Hyperschedule.Autoregressive(4) })
        {
            int width = Enumerable.Range(0, hyperschedule.Length).Count(i => hyperschedule.RegionAt(0, i) == Region.Active);
            for (int step = 0; step < hyperschedule.Steps; step++)
            {
                var layout = SequenceLayout.Step(
                    hyperschedule, step, hyperschedule.Length, new BackboneView(shifted, block, Conditioning.Absent, context));
                // Shifted, a dummy token comes first.
                int settledEnd = Enumerable.Range(0, hyperschedule.Length).Count(i => hyperschedule.RegionAt(step, i) == Region.Settled) -
                    (shifted ? 0 : 1);
                bool[,] released =
                    AttentionMasks.Step(layout.Slots, settledEnd, settledEnd + width, context, block, width, shifted, postActive: false);
                for (int query = 0; query < layout.Slots; query++)
                {
                    int[] theirs = [.. Enumerable.Range(0, layout.Slots).Where(key => released[query, key])];
                    Assert.Equal(theirs.Length > 0 ? theirs : [query], Seen(layout, query));
                }
            }
        }
    }

    private static SequenceLayout Doubled(Hyperschedule hyperschedule, BackboneView view) =>
        SequenceLayout.Doubled(hyperschedule, [hyperschedule.Draw(0.3, _ => 0.3, continuous: false)], view);

    private static IEnumerable<LevelDraw> LevelDraws(Hyperschedule hyperschedule) =>
        Enumerable.Range(0, hyperschedule.Depth)
            .Select(phase => hyperschedule.Draw((phase + 0.5) / hyperschedule.Depth, _ => 0.5, continuous: false));

    private static int[] Seen(SequenceLayout layout, int query, int row = 0) =>
        [.. Enumerable.Range(0, layout.Slots).Where(key => layout.Sees(row, query, key))];
}
