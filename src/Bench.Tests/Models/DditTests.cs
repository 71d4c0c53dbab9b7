using Bench.Models;
using Bench.Numerics;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Models;

public sealed class DditTests
{
    private static readonly DditShape Diffusion = new(Vocabulary: 6, Blocks: 2, Width: 16, Heads: 2, ConditionWidth: 8, Conditioning.Sigma);
    private static readonly DditShape Gpt = Diffusion with { Conditioning = Conditioning.Absent };

    [Fact]
    public void The_small_networks_have_the_published_numbers_of_parameters()
    {
        // SEDD, MDLM and HDLM at 12 blocks of 768 with the GPT-2 vocabulary and a mask.
        var small = new DditShape(50_258, 12, 768, 12, 128, Conditioning.Constant);
        Assert.Equal(169_627_218, small.Parameters);
        Assert.Equal(162_246_482, (small with { Conditioning = Conditioning.Absent }).Parameters);
    }

    [Fact]
    public void The_formula_counts_what_is_there()
    {
        foreach (var shape in new[] { Diffusion, Gpt })
        {
            using var network = new Ddit(shape, RandomStream.Root(1));
            Assert.Equal(network.parameters().Sum(parameter => parameter.numel()), shape.Parameters);
        }
    }

    [Fact]
    public void A_new_network_predicts_every_token_alike()
    {
        using var scope = NewDisposeScope();
        using var network = new Ddit(Diffusion, RandomStream.Root(1));
        Assert.All(network.Logits(Tokens(), tensor([0.3, 2.0])).data<float>().ToArray(), logit => Assert.Equal(0, logit));
    }

    [Fact]
    public void First_weights_depend_on_seed_and_name_alone()
    {
        using var two = new Ddit(Diffusion, RandomStream.Root(1));
        using var three = new Ddit(Diffusion with { Blocks = 3 }, RandomStream.Root(1));
        using var other = new Ddit(Diffusion, RandomStream.Root(2));
        var weights = three.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        Assert.All(two.named_parameters(), entry => Assert.True(allclose(entry.parameter, weights[entry.name], 0, 0)));
        Assert.Contains(other.named_parameters(), entry => !allclose(entry.parameter, weights[entry.name]));
    }

    [Fact]
    public void The_head_at_chosen_positions_is_the_head_at_all()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Diffusion);
        var all = network.Logits(Tokens(), tensor([0.3, 2.0]));
        var some = network.Logits(Tokens(), tensor([0.3, 2.0]), tensor([7L, 0L, 9L]));
        Close.Assert(all.flatten(0, 1).index_select(0, tensor([7L, 0L, 9L])).data<double>().ToArray(), some, 1e-12);
    }

    [Fact]
    public void A_causal_network_does_not_look_ahead_and_a_full_one_does()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Gpt);
        var changed = tensor([0L, 1, 2, 3, 5, 1, 2, 3, 4, 0], [2, 5]);
        double Before(Layout layout) =>
            (network.Logits(Tokens(), null, layout: layout) - network.Logits(changed, null, layout: layout)).narrow(1, 0, 4).select(0, 0).abs().max().item<double>();
        Assert.Equal(0, Before(Layout.Single(5, causal: true)), 1e-12);
        Assert.True(Before(Layout.Single(5, causal: false)) > 1e-3);
    }

    [Fact]
    public void A_prefix_of_a_causal_network_is_scored_like_the_whole()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Gpt);
        double[] whole = network.Logits(Tokens(), null, layout: Layout.Single(5, causal: true)).narrow(1, 0, 3).contiguous().data<double>().ToArray();
        Close.Assert(whole, network.Logits(Tokens().narrow(1, 0, 3), null, layout: Layout.Single(3, causal: true)), 1e-12);
    }

    [Fact]
    public void Rows_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Diffusion);
        var both = network.Logits(Tokens(), tensor([0.3, 2.0]));
        var second = network.Logits(Tokens().narrow(0, 1, 1), tensor([2.0]));
        Close.Assert(both.select(0, 1).contiguous().data<double>().ToArray(), second, 1e-12);
    }

    [Fact]
    public void Constant_conditioning_is_conditioning_on_zero()
    {
        using var scope = NewDisposeScope();
        using var told = Scattered(Diffusion);
        using var constant = Scattered(Diffusion with { Conditioning = Conditioning.Constant });
        Close.Assert(told.Logits(Tokens(), zeros([2], float64)).data<double>().ToArray(), constant.Logits(Tokens(), null), 1e-12);
        Assert.Throws<ArgumentNullException>(() => told.Logits(Tokens(), null));
    }

    [Fact]
    public void Products_in_bf16_come_close_and_keep_gradients_in_float32()
    {
        using var scope = NewDisposeScope();
        using var network = new Ddit(Diffusion, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2), spread: 0.1);
        var sigma = tensor([0.3, 2.0]);
        var exact = network.Logits(Tokens(), sigma);
        network.ProductType = bfloat16;
        var close = network.Logits(Tokens(), sigma);
        Assert.Equal(float32, close.dtype);
        Assert.InRange((exact - close).abs().max().item<double>(), 1e-6, 0.05);
        close.sum().backward();
        Assert.All(network.parameters(), parameter => Assert.Equal(float32, parameter.grad!.dtype));
    }

    [Fact]
    public void Dropout_drops_its_share_is_repeatable_and_spares_evaluation()
    {
        using var scope = NewDisposeScope();
        var x = ones([8, 32, 64], float32);
        float[] Drop(RandomStream? stream) => new Dropout(0.25, stream).Apply(x, "blocks.0.mlp").data<float>().ToArray();
        float[] dropped = Drop(RandomStream.Root(1));
        Assert.Equal(dropped, Drop(RandomStream.Root(1)));
        Assert.NotEqual(dropped, Drop(RandomStream.Root(2)));
        Assert.Equal([0f, 1 / 0.75f], dropped.Distinct().Order());
        Assert.Equal(0.25, dropped.Count(value => value == 0) / (double)dropped.Length, 0.02);
        Assert.All(Drop(null), value => Assert.Equal(1, value));
    }

    [Fact]
    public void A_width_that_heads_cannot_share_is_refused_with_the_reason()
    {
        var refused = Assert.Throws<ArgumentOutOfRangeException>(() => new DditShape(6, 2, 18, 4, 8, Conditioning.Sigma));
        Assert.Contains("multiple of 8", refused.Message, StringComparison.Ordinal);
    }

    private static Tensor Tokens() => tensor([0L, 1, 2, 3, 4, 1, 2, 3, 4, 0], [2, 5]);

    private static Ddit Scattered(DditShape shape)
    {
        var network = TorchSharp.ModuleExtensionMethods.to(new Ddit(shape, RandomStream.Root(1)), float64);
        network.Scatter(RandomStream.Root(2));
        return network;
    }
}
