using Bench.Numerics;

namespace Bench.Tests.Pretrained;

/// <summary>GPT-2 in loops over doubles, one sequence at a time, from weights by name.</summary>
internal sealed class PlainGpt2(int tokenCount, int width, int layers)
{
    private const string Head = "lm_head.weight";

    private readonly Dictionary<string, float[]> weights = [];
    private readonly Dictionary<string, long[]> shapes = [];

    public IEnumerable<(string Name, long[] Shape, float[] Values)> Weights =>
        weights.Select(weight => (weight.Key, shapes[weight.Key], weight.Value));

    /// <summary>A network whose weights are all at work.</summary>
    public static PlainGpt2 Random(int tokenCount, int positions, int width = 128, int layers = 2, bool ownHead = false,
        double spread = 0.5)
    {
        var network = new PlainGpt2(tokenCount, width, layers);
        var random = RandomStream.Root(31);
        Add("wte.weight", spread, tokenCount, width);
        Add("wpe.weight", spread, positions, width);
        for (int i = 0; i < layers; i++)
        {
            Norm($"h.{i}.ln_1");
            Map($"h.{i}.attn.c_attn", width, 3 * width);
            Map($"h.{i}.attn.c_proj", width, width);
            Norm($"h.{i}.ln_2");
            Map($"h.{i}.mlp.c_fc", width, 4 * width);
            Map($"h.{i}.mlp.c_proj", 4 * width, width);
        }
        Norm("ln_f");
        if (ownHead)
            Add(Head, spread, tokenCount, width);
        return network;

        void Norm(string name)
        {
            Add($"{name}.weight", 1, width);
            Add($"{name}.bias", 0.3, width);
        }

        void Map(string name, int inputs, int outputs)
        {
            Add($"{name}.weight", 1.5 / Math.Sqrt(inputs), inputs, outputs);
            Add($"{name}.bias", 0.3, outputs);
        }

        void Add(string name, double spread, params long[] shape)
        {
            var values = new double[shape.Aggregate(1L, (count, size) => count * size)];
            random.Split(name).FillNormal(0, values);
            network.weights.Add(name, Array.ConvertAll(values, value => (float)(spread * value)));
            network.shapes.Add(name, shape);
        }
    }

    /// <summary>[L][V] logits; the i-th are of what follows tokens 0 to i.</summary>
    public double[][] Logits(long[] tokens)
    {
        string output = weights.ContainsKey(Head) ? Head : "wte.weight";
        double[][] x = [.. tokens.Select(
            (token, i) => Row("wte.weight", token).Zip(Row("wpe.weight", i), (embedding, position) => embedding + position).ToArray())];
        for (int layer = 0; layer < layers; layer++)
        {
            var mixed = Attend([.. x.Select(row => Map(Norm(row, $"h.{layer}.ln_1"), $"h.{layer}.attn.c_attn"))]);
            for (int i = 0; i < x.Length; i++)
            {
                Plain.AddTo(x[i], Map(mixed[i], $"h.{layer}.attn.c_proj"));
                double[] raised = [.. Map(Norm(x[i], $"h.{layer}.ln_2"), $"h.{layer}.mlp.c_fc").Select(Gelu)];
                Plain.AddTo(x[i], Map(raised, $"h.{layer}.mlp.c_proj"));
            }
        }
        return [.. x.Select(row => Norm(row, "ln_f"))
            .Select(row => Enumerable.Range(0, tokenCount).Select(token => Plain.Dot(row, Row(output, token))).ToArray())];
    }

    // Queries, keys and values lie one after the other in a row, heads of 64 in each.
    private double[][] Attend(double[][] qkv)
    {
        double[][] mixed = [.. qkv.Select(_ => new double[width])];
        for (int start = 0; start < width; start += 64)
        {
            for (int i = 0; i < qkv.Length; i++)
            {
                var q = qkv[i][start..(start + 64)];
                var attention = Plain.Softmax(
                    [.. Enumerable.Range(0, i + 1).Select(j => Plain.Dot(q, qkv[j][(width + start)..(width + start + 64)]) / 8)]);
                for (int d = 0; d < 64; d++)
                    mixed[i][start + d] = Enumerable.Range(0, i + 1).Sum(j => attention[j] * qkv[j][(2 * width) + start + d]);
            }
        }
        return mixed;
    }

    private double[] Map(double[] x, string name)
    {
        var (weight, bias) = (weights[$"{name}.weight"], weights[$"{name}.bias"]);
        return [.. bias.Select((shift, o) => shift + x.Select((value, i) => value * weight[(i * bias.Length) + o]).Sum())];
    }

    private double[] Norm(double[] x, string name)
    {
        double mean = x.Average(), variance = x.Average(value => (value - mean) * (value - mean));
        return [.. x.Select(
            (value, i) => ((value - mean) / Math.Sqrt(variance + 1e-5) * weights[$"{name}.weight"][i]) + weights[$"{name}.bias"][i])];
    }

    private double[] Row(string name, long row) => [.. weights[name].Skip((int)row * width).Take(width).Select(value => (double)value)];

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
}
