using Bench.Numerics;
using Bench.Tests.Data;

namespace Bench.Tests.Pretrained;

/// <summary>
/// A Llama in loops over doubles, one sequence at a time, as llama2.c writes it, and the file that llama2.c reads it from.
/// </summary>
internal sealed class PlainLlama
{
    private readonly float[][] weights; // in the file's order

    /// <summary>A network whose weights are all at work.</summary>
    public PlainLlama(int tokenCount, int context, int width = 24, int feed = 20, int layers = 2, int heads = 2)
    {
        (TokenCount, Context, Width, Feed, Layers, Heads) = (tokenCount, context, width, feed, layers, heads);
        var random = RandomStream.Root(41);
        weights =
        [
            Draw("embedding", 0.7, tokenCount * width), Draw("attention norm", 1, layers * width), Map("q", width, width),
            Map("k", width, width), Map("v", width, width), Map("o", width, width),
            Draw("feed norm", 1, layers * width), Map("gate", width, feed), Map("down", feed, width), Map("up", width, feed),
            Draw("last norm", 1, width),
            Draw("rotation", 1, context * width / heads), // which readers compute themselves
        ];

        float[] Map(string name, int inputs, int outputs) => Draw(name, 1.5 / Math.Sqrt(inputs), layers * inputs * outputs);

        float[] Draw(string name, double spread, int count)
        {
            var values = new double[count];
            random.Split(name).FillNormal(0, values);
            return Array.ConvertAll(values, value => (float)(spread * value));
        }
    }

    public int TokenCount { get; }

    public int Context { get; }

    public int Width { get; }

    public int Feed { get; }

    public int Layers { get; }

    public int Heads { get; }

    public byte[] File =>
        [.. new[] { Width, Feed, Layers, Heads, Heads, TokenCount, Context }.SelectMany(BitConverter.GetBytes),
            .. weights.SelectMany(TinySafetensors.Bytes)];

    /// <summary>[L][V] logits; the i-th are of what follows tokens 0 to i.</summary>
    public double[][] Logits(long[] tokens)
    {
        double[][] x = [.. tokens.Select(token => Row(0, (int)token, Width))];
        for (int layer = 0; layer < Layers; layer++)
        {
            double[][] normed = [.. x.Select(row => Norm(row, 1, layer))];
            double[][] q = [.. normed.Select((row, i) => Rotated(Map(2, layer, row, Width), i))];
            double[][] k = [.. normed.Select((row, i) => Rotated(Map(3, layer, row, Width), i))];
            double[][] v = [.. normed.Select(row => Map(4, layer, row, Width))];
            for (int i = 0; i < x.Length; i++)
            {
                Plain.AddTo(x[i], Map(5, layer, Attend(q[i], k[..(i + 1)], v), Width));
                var fed = Norm(x[i], 6, layer);
                double[] gated =
                    [.. Map(7, layer, fed, Feed).Zip(Map(9, layer, fed, Feed), (gate, up) => gate / (1 + Math.Exp(-gate)) * up)];
                Plain.AddTo(x[i], Map(8, layer, gated, Width));
            }
        }
        return [.. x.Select(row => Norm(row, 10, 0))
            .Select(row => Enumerable.Range(0, TokenCount).Select(token => Plain.Dot(row, Row(0, token, Width))).ToArray())];
    }

    private double[] Attend(double[] q, double[][] k, double[][] v)
    {
        int size = Width / Heads;
        var mixed = new double[Width];
        for (int start = 0; start < Width; start += size)
        {
            var attention =
                Plain.Softmax([.. k.Select(key => Plain.Dot(q[start..(start + size)], key[start..(start + size)]) / Math.Sqrt(size))]);
            for (int d = start; d < start + size; d++)
                mixed[d] = attention.Select((weight, j) => weight * v[j][d]).Sum();
        }
        return mixed;
    }

    // Neighbours turn together, within each head by the same angles.
    private double[] Rotated(double[] x, int position)
    {
        int size = Width / Heads;
        for (int i = 0; i < x.Length; i += 2)
        {
            double angle = position / Math.Pow(10_000, (double)(i % size) / size);
            (x[i], x[i + 1]) = ((x[i] * Math.Cos(angle)) - (x[i + 1] * Math.Sin(angle)),
                (x[i] * Math.Sin(angle)) + (x[i + 1] * Math.Cos(angle)));
        }
        return x;
    }

    private double[] Norm(double[] x, int which, int layer)
    {
        double scale = 1 / Math.Sqrt(x.Average(value => value * value) + 1e-5);
        return [.. x.Zip(Row(which, layer, Width), (value, weight) => value * scale * weight)];
    }

    private double[] Map(int which, int layer, double[] x, int outputs) =>
        [.. Enumerable.Range(layer * outputs, outputs).Select(row => Plain.Dot(Row(which, row, x.Length), x))];

    private double[] Row(int which, int row, int width) => [.. weights[which].Skip(row * width).Take(width).Select(value => (double)value)];
}
