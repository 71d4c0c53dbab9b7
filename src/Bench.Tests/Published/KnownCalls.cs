using Bench.Attention;
using Bench.Backbone;
using Bench.Published;
using Bench.Numerics;
using Xunit;
using TorchSharp;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Published;

/// <summary>The calls of a network that expected.json describes under inputs, and its outputs.</summary>
internal sealed class KnownCalls
{
    private readonly PublishedNetwork published;
    private readonly Ddit network;
    private readonly Expectations inputs;
    private readonly Expectations shape;
    private readonly bool isDoubled;
    private readonly int rows;
    private readonly int length;

    public KnownCalls(PublishedNetwork published, Ddit network, Expectations inputs, Expectations shape)
    {
        (this.published, this.network, this.inputs, this.shape) = (published, network, inputs, shape);
        inputs.Skip("note", "layout", "sample_mode", "sigma_given");
        isDoubled = inputs.Has("tokens_xt");
        long[] sizes = Golden.GoldenNumbers.Shape(inputs.Of(isDoubled ? "tokens_xt" : "tokens"));
        (rows, length) = ((int)sizes[0], (int)sizes[1]);
        string stated = inputs.Of("conditioning").GetString()!;
        Assert.Equal(stated == "sigma of each token" ? "sigma" : stated, published.Shape.Conditioning.ToString().ToLowerInvariant());
    }

    /// <summary>Everything that the file states, in float64.</summary>
    public void AssertLogits(Expectations outputs)
    {
        outputs.Skip("float32_differs_by", "note", "tables_change_logits_by");
        var logits = Logits();
        Close.Assert(outputs.Numbers("logits"), logits, what: "logits");
        if (outputs.Has("next_token_nats"))
        {
            var next = Tokens("tokens").narrow(1, 1, length - 1);
            Close.Assert(
                outputs.Numbers("next_token_nats"),
                Subs.NegativeLogLikelihood(logits.narrow(1, 0, length - 1), next, published.MaskId!.Value), what: "next token");
        }

        if (outputs.Has("log_score"))
            Close.Assert(outputs.Numbers("log_score"),
                LogScores(logits, Sigma()!.unsqueeze(1)).scatter(-1, Tokens("tokens").unsqueeze(-1), zeros_like(logits)),
                what: "log_score");
        if (outputs.Has("log_of_all_rows_over_words"))
            Close.Assert(outputs.Numbers("log_of_all_rows_over_words"), AllRows().logsumexp(-1) - logits.logsumexp(-1), what: "all rows");
        if (outputs.Has("sample_mode_logits"))
            Close.Assert(outputs.Numbers("sample_mode_logits"), SampleMode(), what: "sample mode");
        if (outputs.Has("logits_block_1_all_last_row"))
            Close.Assert(outputs.Numbers("logits_block_1_all_last_row"),
                Known(Doubled(full_like(Tokens("tokens_xt"), published.Rows - 1), width: 1)), what: "block 1");
        if (outputs.Has("logits_block_mask"))
        {
            var (masked, scores, compared) = Masked();
            AssertSome(outputs.Numbers("logits_block_mask"), masked, compared, "block mask");
            if (outputs.Has("output_block_mask"))
                AssertSome(outputs.Numbers("output_block_mask"), scores!, compared, "output under the block mask");
        }

        outputs.AssertAllRead();
        inputs.AssertAllRead();
    }

    /// <summary>[B, L, rows of the vocabulary that the file knows].</summary>
    public Tensor Logits() => Known(isDoubled
        ? Doubled(Tokens("tokens_xt"), BlockSize)
        : network.Logits(Tokens("tokens"), Sigma(), layout: SequenceLayout.Single(length, published.View.Block == AttentionKind.Causal)));

    private int BlockSize => shape.Of("block_size").GetInt32();

    private Tensor Tokens(string name) => tensor(inputs.Integers(name), [rows, length]);

    private Tensor Known(Tensor logits) => published.Family.HasMask ? logits : logits.narrow(-1, 0, published.Rows);

    // σ of each row or token; null where the network is given none.
    private Tensor? Sigma()
    {
        double[]? fed = inputs.Has("sigma_fed") ? inputs.Numbers("sigma_fed") : null;
        if (published.Shape.Conditioning == Conditioning.Constant)
            Assert.All(fed!, value => Assert.Equal(0, value));
        if (inputs.Has("time_fed"))
        {
            fed = inputs.Numbers("sigma");
            Close.Assert(inputs.Numbers("time_fed"), Array.ConvertAll(fed, Exponential.Jumped));
        }

        return !published.View.IsNoiseConditioned ? null
            : inputs.Has("sigma_flat") ? tensor(inputs.Numbers("sigma_flat"), [rows, length]) : tensor(fed!);
    }

    // [x_0 | x_t]: noisy tokens see their own block and earlier blocks of clean ones. Which half stands first does not matter to a network.
    private Tensor Doubled(Tensor noisy, int width)
    {
        bool causal = published.View.Context == AttentionKind.Causal;
        var layout = SequenceLayout.Of([.. Enumerable.Range(0, 2 * length).Select(slot => slot % length)], (query, key) =>
        {
            int i = query % length, j = key % length;
            return query < length ? key < length && (causal ? j <= i : j / width <= i / width)
                : key < length ? j / width < i / width : j / width == i / width;
        });
        return network.Logits(cat([Tokens("tokens_x0"), noisy], 1), Sigma(), layout: layout).narrow(1, length, length);
    }

    private Tensor SampleMode()
    {
        int width = BlockSize, clean = length - width;
        var tokens = cat([Tokens("tokens_x0").narrow(1, 0, clean), Tokens("tokens_xt").narrow(1, clean, width)], 1);
        var layout = SequenceLayout.Of([.. Enumerable.Range(0, length)], (query, key) => key / width <= query / width);
        return Known(network.Logits(tokens, Sigma(), layout: layout));
    }

    /// <summary>
    /// Outputs under the mask of a step, and the queries to compare: one without permitted key attends to all keys in the public code, and
    /// to itself here; the others do not attend to it.
    /// </summary>
    public (Tensor Logits, Tensor? Scores, int[] Compared) Masked()
    {
        double[] mask = inputs.Numbers("block_mask_sees");
        bool Sees(int query, int key) => mask[(query * length) + key] != 0;
        int[] seeing = [.. Enumerable.Range(0, length).Where(query => Enumerable.Range(0, length).Any(key => Sees(query, key)))];
        Assert.DoesNotContain(seeing, query => Enumerable.Range(0, length).Except(seeing).Any(key => Sees(query, key)));
        var sigma = inputs.Has("sigma_per_token") ? tensor(inputs.Numbers("sigma_per_token"), [rows, length]) : null;
        var logits = network.Logits(Tokens("tokens"), sigma, layout: SequenceLayout.Of([.. Enumerable.Range(0, length)], Sees));
        if (sigma is null)
            return (logits, null, seeing);
        var scores = LogScores(logits, sigma);
        int settled = inputs.Of("settled").GetInt32();
        scores.narrow(1, 0, settled - 1).select(-1, published.MaskId!.Value).fill_(-1000); // where the next token is settled
        return (logits, scores, seeing);
    }

    /// <summary>Compares some positions.</summary>
    public static void AssertSome(double[] expected, Tensor found, int[] positions, string what)
    {
        var index = tensor([.. positions.Select(position => (long)position)]);
        double[] some = tensor(expected, found.shape).index_select(1, index).contiguous().data<double>().ToArray();
        Close.Assert(some, found.index_select(1, index), what: what);
    }

    private Tensor LogScores(Tensor logits, Tensor sigma) =>
        logits
            - tensor(Array.ConvertAll(sigma.data<double>().ToArray(), value => ScoreOutput.Offset(value, (int)published.Rows - 1)),
                sigma.shape).unsqueeze(-1);

    /// <summary>The network with a head over rows that no token has, too.</summary>
    public static Ddit OverAllRows(PublishedNetwork published, Ddit network)
    {
        var all = new Ddit(published.Shape with { Vocabulary = (int)published.Rows, TableMultiple = 1 }, stream: null);
        all.to(float64);
        all.Fill(network.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter));
        all.eval();
        return all;
    }

    private Tensor AllRows()
    {
        using var all = OverAllRows(published, network);
        return all.Logits(Tokens("tokens"), Sigma());
    }
}
