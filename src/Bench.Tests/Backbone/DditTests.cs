using Bench.Attention;
using Bench.Backbone;
using Bench.Data;
using Bench.Data.Tokens;
using Bench.Hyperschedules;
using Bench.Kernels;
using Bench.Noise;
using Bench.Noise.Schedules;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Backbone;

public sealed class DditTests
{
    private static readonly DditShape Diffusion = TinyNetwork.Conditioned;
    private static readonly DditShape Gpt = Diffusion with { Conditioning = Conditioning.Absent };

    [Fact]
    public void The_small_networks_have_the_published_numbers_of_parameters()
    {
        // SEDD, MDLM and HDLM at 12 blocks of 768 with the GPT-2 vocabulary and a mask.
        var small = new DditShape(50_258, 12, 768, 12, 128, Conditioning.Constant);
        Assert.Equal(169_627_218, small.Parameters);
        Assert.Equal(162_246_482, (small with { Conditioning = Conditioning.Absent }).Parameters);
        // The small GPT-2, and a row for the mask.
        Assert.Equal(124_439_808 + 768, (small with { Conditioning = Conditioning.Absent, LearnedPositions = 1024 }).Parameters);
        // HDLM's gamma family: σ for every token, but not for the head.
        Assert.Equal(169_429_074,
            (small with { Conditioning = Conditioning.Sigma, ModulatedHead = false, EmbeddingMix = 0.01 }).Parameters);
    }

    [Fact]
    public void The_list_of_parameters_is_what_is_there()
    {
        foreach (var shape in new[] { Diffusion, Gpt, Diffusion with { ModulatedHead = false, EmbeddingMix = 0.1 },
            Diffusion with { TableMultiple = 8 }, Gpt with { LearnedPositions = 7 }, Diffusion with { LearnedPositions = 7 } })
        {
            using var network = new Ddit(shape, RandomStream.Root(1));
            Assert.Equal(
                network.named_parameters().Select(named => (named.name, Sizes: string.Join(',', named.parameter.shape))).Order(),
                new DditTensors(shape).All.Select(tensor => (tensor.Key, Sizes: string.Join(',', tensor.Value))).Order());
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
    public void A_new_network_loses_ln_N_a_token()
    {
        using var scope = NewDisposeScope();
        var vocabulary = new Vocabulary("letters", 5);
        long[] tokens = [0, 1, 2, 3, 4, 1, 2, 3, 4, 0];
        var batch = new ExampleBatch(tokens, [0, 1]);
        using var diffusion = new Ddit(Diffusion, RandomStream.Root(1));
        using var gpt = new Ddit(Gpt, RandomStream.Root(1));
        var setup = new DiffusionSetup(vocabulary, new Absorbing(), new LogLinear(0), Hyperschedule.Flat(5, 1),
            new BackboneView(Shifted: false, AttentionKind.Full, Conditioning.Sigma));
        Tensor[] losses =
        [
            new NextToken(vocabulary.MaskId).PerPosition(gpt, batch, default, default, CPU),
            // one step from nothing but masks
            new Nelbo(setup, Continuous: false).PerPosition(diffusion, batch, [0.2, 0.7], RandomStream.Root(1), CPU),
            new MaskedNelbo(setup, Continuous: false).PerPosition(diffusion, batch, [0.2, 0.7], RandomStream.Root(1), CPU),
        ];
        Assert.All(losses, loss => Close.Assert([.. Enumerable.Repeat(Math.Log(5), 10)], loss, 1e-6));
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
        double Before(SequenceLayout layout) =>
            (network.Logits(Tokens(), null, layout: layout) - network.Logits(changed, null, layout: layout)).narrow(1, 0, 4).select(0, 0)
                .abs().max().item<double>();
        Assert.Equal(0, Before(SequenceLayout.Single(5, causal: true)), 1e-12);
        Assert.True(Before(SequenceLayout.Single(5, causal: false)) > 1e-3);
    }

    [Fact]
    public void A_prefix_of_a_causal_network_is_scored_like_the_whole()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Gpt);
        double[] whole = network.Logits(Tokens(), null, layout: SequenceLayout.Single(5, causal: true)).narrow(1, 0, 3).contiguous()
            .data<double>().ToArray();
        Close.Assert(whole, network.Logits(Tokens().narrow(1, 0, 3), null, layout: SequenceLayout.Single(3, causal: true)), 1e-12);
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
        using var conditioned = Scattered(Diffusion);
        using var constant = Scattered(Diffusion with { Conditioning = Conditioning.Constant });
        Close.Assert(conditioned.Logits(Tokens(), zeros([2], float64)).data<double>().ToArray(), constant.Logits(Tokens(), null), 1e-12);
        Assert.Throws<ArgumentNullException>(() => conditioned.Logits(Tokens(), null));
    }

    [Fact]
    public void Conditioning_per_token_agrees_with_conditioning_per_sequence_where_all_levels_are_equal()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new[] { Diffusion, Diffusion with { Conditioning = Conditioning.Time },
            Diffusion with { ModulatedHead = false, EmbeddingMix = 0.3 } })
        {
            using var network = Scattered(shape);
            double[] sequence = network.Logits(Tokens(), tensor([0.3, 2.0])).data<double>().ToArray();
            Close.Assert(sequence, network.Logits(Tokens(), tensor([0.3, 0.3, 0.3, 0.3, 0.3, 2, 2, 2, 2, 2], [2, 5])), 1e-12);
            // Noise levels of other tokens reach a token only through attention.
            var alone = SequenceLayout.Of([0, 1, 2, 3, 4], (query, key) => query == key);
            double[] First(double[] sigma) => network.Logits(Tokens(), tensor(sigma, [2, 5]), tensor([0L]), alone).data<double>().ToArray();
            Close.Assert(First([0.3, 1, 2, 3, 4, 5, 6, 7, 8, 9]), First([0.3, 3, 1, 0, 0, 7, 7, 0.3, 0, 1]), 1e-12);
        }
    }

    [Fact]
    public void Infinite_noise_is_a_number_to_the_network()
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new[] { Diffusion, Diffusion with { Conditioning = Conditioning.Time },
            Diffusion with { ModulatedHead = false, EmbeddingMix = 0.3 } })
        {
            using var network = Scattered(shape);
            var sigma = tensor([double.PositiveInfinity, 0], dtype: float64);
            Assert.All(network.Logits(Tokens(), sigma).data<double>().ToArray(), logit => Assert.True(double.IsFinite(logit)));
            Assert.All(network.Logits(Tokens(), sigma.unsqueeze(1).expand(2, 5).contiguous()).data<double>().ToArray(),
                logit => Assert.True(double.IsFinite(logit)));
        }
    }

    [Fact]
    public void At_infinite_noise_a_mixed_embedding_is_the_mask_and_at_none_its_own()
    {
        using var scope = NewDisposeScope();
        using var plain = Scattered(Diffusion);
        using var mixed = Scattered(Diffusion with { EmbeddingMix = 0.3 });
        var masks = full([2, 5], 5L, int64);
        var (none, all) = (zeros([2], float64), full([2], double.PositiveInfinity, float64));
        Close.Assert(plain.Logits(Tokens(), none).data<double>().ToArray(), mixed.Logits(Tokens(), none), 1e-12);
        Close.Assert(plain.Logits(masks, all).data<double>().ToArray(), mixed.Logits(Tokens(), all), 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Diffusion with { EmbeddingMix = 0 });
    }

    [Fact]
    public void Rows_that_fill_a_token_table_up_are_never_predicted()
    {
        using var scope = NewDisposeScope();
        using var network = Scattered(Diffusion with { TableMultiple = 8 });
        Assert.Equal([2, 5, 6], network.Logits(Tokens(), tensor([0.3, 2.0])).shape);
        Assert.Equal([8, 16], network.named_parameters().Single(entry => entry.name == "vocab_embed.embedding").parameter.shape);
        // In float32, too, where what is left of the table is a view.
        using var single = new Ddit(Diffusion with { TableMultiple = 8 }, RandomStream.Root(1));
        single.Scatter(RandomStream.Root(2), spread: 0.1);
        var targets = tensor(Enumerable.Range(0, 10).Select(i => (long)(i % 5)).ToArray()).view(2, 5);
        var nats = Subs.AtMasked(single.Logits(Tokens(), tensor([0.3, 2.0])), 5).gather(-1, targets.unsqueeze(-1)).squeeze(-1).neg();
        Assert.True(allclose(nats, single.NegativeLogLikelihood(new(Tokens(), tensor([0.3, 2.0])), targets, 5), 1e-5, 1e-5));
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
        Assert.InRange((exact - close).abs().max().item<float>(), 1e-6, 0.05);
        Backpropagation.Run(close.sum());
        Assert.All(network.parameters(), parameter => Assert.Equal(float32, parameter.grad!.dtype));
    }

    // RoFormer, arXiv 2104.09864, section 3.2.2: pair i turns by θ^(−2i/D) a position.
    [Theory, InlineData(10_000.0), InlineData(100.0), InlineData(1.0)]
    public void Rotary_positions_turn_by_powers_of_the_base(double theta)
    {
        using var scope = NewDisposeScope();
        using var rotary = new Rotary([0, 3], 8, float64, CPU, theta: theta);
        for (int i = 0; i < 4; i++)
        {
            double angle = 3 * Math.Pow(theta, -2.0 * i / 8);
            Assert.Equal(Math.Cos(angle), rotary.Cosines[0, 1, 0, i].item<double>(), 12);
            Assert.Equal(Math.Sin(angle), rotary.Sines[0, 1, 0, i].item<double>(), 12);
        }

        using var usual = TinyNetwork.Of(Diffusion);
        using var other = TinyNetwork.Of(Diffusion with { RotaryBase = theta });
        bool same = usual.Logits(Tokens(), tensor([0.3, 2.0])).equal(other.Logits(Tokens(), tensor([0.3, 2.0]))).all().item<bool>();
        Assert.Equal(theta == DditShape.UsualRotaryBase, same);
    }

    [Fact]
    public void An_input_that_names_a_type_of_products_is_computed_in_it()
    {
        using var scope = NewDisposeScope();
        using var recorded = no_grad();
        using var network = new Ddit(Diffusion, RandomStream.Root(1));
        network.Scatter(RandomStream.Root(2), spread: 0.1);
        var input = new DenoiserInput(Tokens(), tensor([0.3, 2.0]));
        var exact = network.Logits(input);
        var close = network.Logits(input with { ProductType = bfloat16 });
        network.ProductType = bfloat16;
        Assert.True(close.equal(network.Logits(input)).all().item<bool>());
        Assert.True(exact.equal(network.Logits(input with { ProductType = float32 })).all().item<bool>());
        Assert.False(exact.equal(close).all().item<bool>());
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

    private static Ddit Scattered(DditShape shape) => TinyNetwork.Of(shape);
}
