using Bench.Backbone;
using Bench.Kernels;
using Bench.Methods;
using Bench.Numerics;
using Bench.Objectives;
using Bench.Results;
using Bench.Tests.Data;
using Bench.Training;
using MathNet.Numerics.LinearAlgebra;
using Xunit;
using static TorchSharp.torch;
using AdamW = Bench.Training.AdamW;
using Close = Bench.Tests.Golden.Close;
using Plain = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace Bench.Tests.Training;

/// <summary>Muon against its formulas, written out matrix by matrix in float64, and against AdamW where it is AdamW.</summary>
public sealed class MuonTests
{
    private const double OfOne = 0.69644; // what five iterations make of the singular value 1

    private static readonly MuonChoice Choice = new(LearningRate: 0.1, Momentum: 0.9);

    private static readonly TrainingPlan Plan = TinyTask.Plan with
    {
        Steps = 10, LearningRate = 0.01, WarmupSteps = 2, FinalRate = 0.5, WeightDecay = 0.3, ClipNorm = 2, EmaDecay = 0.5,
    };

    [Fact]
    public void A_matrix_of_rank_one_keeps_its_directions()
    {
        using var scope = NewDisposeScope();
        double[] u = [3, -4, 1], v = [0.5, 2, -1, 0.25];
        double norm = Math.Sqrt(u.Sum(x => x * x) * v.Sum(x => x * x));
        double[] product = [.. from x in u from y in v select x * y];
        Close.Assert([.. product.Select(value => OfOne * value / norm)], NewtonSchulz.Of(tensor(product, [1, 3, 4])), 1e-4);
    }

    [Fact]
    public void Rotations_transposition_and_scale_pass_through()
    {
        using var scope = NewDisposeScope();
        var matrix = Random(1, 6, 6);
        var (q, r) = (Rotation(2, 6), Rotation(3, 6));
        var plain = NewtonSchulz.Of(matrix.unsqueeze(0))[0];
        AssertClose(q.mm(plain).mm(r), NewtonSchulz.Of(q.mm(matrix).mm(r).unsqueeze(0))[0], 1e-10);
        AssertClose(plain.t(), NewtonSchulz.Of(matrix.t().unsqueeze(0))[0], 1e-12);
        AssertClose(plain, NewtonSchulz.Of((matrix * 1000).unsqueeze(0))[0], 1e-6);
    }

    [Theory, InlineData(64, 64), InlineData(16, 64), InlineData(48, 50)]
    public void Singular_values_come_into_the_known_band_and_the_update_has_a_known_size(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var matrix = Random(4, rows, columns);
        double[] before = Values(matrix / (matrix.norm() + 1e-7)), after = Values(NewtonSchulz.Of(matrix.unsqueeze(0))[0]);
        // p is not monotone: the order of singular values is not kept, but each lands where p takes it.
        double[] expected = [.. before.Select(Polynomial).OrderDescending()];
        Close.Assert(expected, after, 1e-10);
        Assert.All(before.Where(value => value >= 0.01), value => Assert.InRange(Polynomial(value), 0.68, 1.14));
        double size = Math.Sqrt(after.Sum(value => value * value) / (rows * columns)) * Math.Sqrt(Math.Max(rows, columns));
        Assert.InRange(size, 0.6, 1.2);
    }

    [Theory, InlineData(1, OfOne), InlineData(0.001, 0.47), InlineData(0, 0)]
    public void The_polynomial_has_its_known_values(double value, double expected) =>
        Assert.Equal(expected, Polynomial(value), value == 1 ? 1e-4 : 5e-3);

    [Fact]
    public void Its_slope_at_zero_is_known() => Assert.Equal(484.9, Polynomial(1e-9) / 1e-9, 0.1);

    [Fact]
    public void One_number_moves_by_the_rate_times_the_value_of_one()
    {
        // A column of four numbers has one singular value: U = (1 − β)(1 + β) G, O(U) = 0.696 G/‖G‖, and √(4/1) = 2.
        using var network = new Toy(float64, ("blocks.0.mlp.0.weight", Plain.Build.Dense(4, 1, [1, -2, 0.5, 4])));
        using var optimiser = Choice.For(network, Plan with { WarmupSteps = 0, FinalRate = 1, WeightDecay = 0.5 });
        network.Gradients([Plain.Build.Dense(4, 1, [3, 0, 0, -4])]);
        optimiser.Update(0, optimiser.GradientNorm());
        double[] expected = [.. new[] { 1, -2, 0.5, 4 }.Zip([0.6, 0, 0, -0.8], (w, g) => (w * 0.95) - (0.1 * 2 * OfOne * g))];
        Close.Assert(expected, network.Weights[0].detach(), 1e-5);
    }

    [Theory, InlineData(MuonScale.Spectral), InlineData(MuonScale.RootMeanSquare)]
    public void Updates_follow_the_published_formula_matrix_by_matrix(MuonScale scale)
    {
        var choice = Choice with { Scale = scale };
        (string Name, Plain Weight, int Parts)[] start =
        [
            ("blocks.0.attn_qkv.weight", Drawn(1, 12, 4), 3), ("blocks.0.attn_out.weight", Drawn(2, 4, 4), 1),
            ("blocks.0.mlp.0.weight", Drawn(3, 16, 4), 1), ("blocks.1.mlp.2.weight", Drawn(4, 4, 16), 1),
        ];
        using var network = new Toy(float64, [.. start.Select(one => (one.Name, one.Weight))]);
        using var optimiser = choice.For(network, Plan);
        Plain[] weights = [.. start.Select(one => one.Weight)], averages = [.. weights],
            momenta = [.. weights.Select(one => one * 0)];
        for (int step = 0; step < 5; step++)
        {
            Plain[] gradients = [.. weights.Select((one, i) => Drawn(100 + (10 * step) + i, one.RowCount, one.ColumnCount))];
            double rate = 0.1 * (step < 2 ? (step + 1) / 2.0 : 0.5 + (0.25 * (1 + Math.Cos(Math.PI * (step - 2) / 8))));
            for (int i = 0; i < weights.Length; i++)
            {
                momenta[i] = (0.9 * momenta[i]) + (0.1 * gradients[i]);
                var update = (0.1 * gradients[i]) + (0.9 * momenta[i]);
                int rows = update.RowCount / start[i].Parts, columns = update.ColumnCount;
                double size = scale == MuonScale.Spectral
                    ? Math.Sqrt(Math.Max(1, (double)rows / columns)) : 0.2 * Math.Sqrt(Math.Max(rows, columns));
                for (int part = 0; part < start[i].Parts; part++)
                    update.SetSubMatrix(part * rows, 0, Iterated(update.SubMatrix(part * rows, rows, 0, columns)));
                weights[i] = ((1 - (rate * 0.3)) * weights[i]) - (rate * size * update);
                averages[i] += (1 - Math.Min(0.5, (1.0 + step) / (10 + step))) * (weights[i] - averages[i]);
            }

            network.Gradients(gradients);
            optimiser.Update(step, optimiser.GradientNorm());
        }

        var found = optimiser.Averages.ToDictionary(one => one.Name, one => one.Tensor);
        for (int i = 0; i < weights.Length; i++)
        {
            Close.Assert(RowMajor(weights[i]), network.Weights[i].detach(), 1e-9, start[i].Name);
            Close.Assert(RowMajor(averages[i]), found[start[i].Name], 1e-9, start[i].Name);
        }
    }

    [Fact]
    public void All_other_parameters_are_updated_as_AdamW_updates_them_bit_for_bit()
    {
        using var one = TinyTask.Network();
        using var other = TinyTask.Network();
        using var muon = Choice.For(one, Plan);
        using var adam = new AdamW(other, Plan);
        for (int step = 0; step < 3; step++)
        {
            Draw(one, step);
            Draw(other, step);
            Assert.Equal(adam.GradientNorm(), muon.GradientNorm());
            Assert.True(adam.GradientNorm() > Plan.ClipNorm);
            muon.Update(step, muon.GradientNorm());
            adam.Update(step, adam.GradientNorm());
        }

        foreach (var ((name, mine), (_, theirs)) in one.named_parameters().Zip(other.named_parameters()))
            Assert.Equal(!Muon.IsMatrix(name), Numbers(mine).SequenceEqual(Numbers(theirs)));
        Assert.All(one.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void The_norm_that_stays_on_the_device_gives_the_same_update()
    {
        using var one = TinyTask.Network();
        using var other = TinyTask.Network();
        using var host = Choice.For(one, Plan);
        using var device = Choice.For(other, Plan);
        Draw(one, 1);
        Draw(other, 1);
        host.Update(0, host.GradientNorm());
        device.Update(0, device.GradientNormOnDevice());
        foreach (var (mine, theirs) in one.parameters().Zip(other.parameters()))
            Assert.True(mine.allclose(theirs, rtol: 1e-4, atol: 1e-6));
    }

    public static TheoryData<string> Methods() => [.. MethodTable.All.OfType<NetworkMethod>().Select(method => method.Name)];

    [Theory, MemberData(nameof(Methods))]
    public void Four_matrices_of_a_block_are_its_own_and_every_parameter_has_its_state(string name)
    {
        var method = (NetworkMethod)MethodTable.Find(name)!;
        using var network = new Ddit(
            new DditShape(TinyTask.Vocabulary.Size, Blocks: 3, 16, 2, 8, method.View.Conditioning), RandomStream.Root(1));
        using var optimiser = Choice.For(network, Plan);
        var parameters = network.named_parameters().ToList();
        Assert.Equal(12, parameters.Count(one => Muon.IsMatrix(one.name)));
        Assert.Equal(
            parameters.SelectMany(one => Choice.BuffersOf(one.name).Append($"average/{one.name}")
                .Select(buffer => $"{buffer} {string.Join('x', one.parameter.shape)}")).Order(StringComparer.Ordinal),
            optimiser.State.Select(one => $"{one.Name} {string.Join('x', one.Tensor.shape)}").Order(StringComparer.Ordinal));
        Assert.Equal(parameters.Select(one => one.name).Order(StringComparer.Ordinal),
            optimiser.Averages.Select(one => one.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_is_read_with_the_optimiser_that_wrote_it()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "muon.ckpt");
        using var network = TinyTask.Network();
        using var trainer = TinyTask.Trainer(network, new MaskedNelbo(TinyTask.Masked(16)), TinyTask.Plan with { Optimiser = Choice });
        trainer.Run(new Recorder(), default);
        trainer.Save(path, "run");
        using var average = TinyTask.Network();
        using var read = TinyTask.Network();
        trainer.CopyAverageTo(average);
        Assert.Equal(20, Trainer.LoadAverage(path, "run", read, Choice));
        AssertSame(average, read);
        Assert.Equal(20, Trainer.LoadWeights(path, "run", read, Choice));
        AssertSame(network, read);
        Assert.Contains("'first/blocks.0", Assert.Throws<SuiteException>(() => Trainer.LoadAverage(path, "run", read)).Message,
            StringComparison.Ordinal);
    }

    [Theory, InlineData(0.0), InlineData(-1.0), InlineData(double.NaN)]
    public void A_rate_that_is_none_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MuonChoice(rate));

    // X ← aX + (bA + cA²)X of any shape: no transposition, no batch.
    private static Plain Iterated(Plain matrix)
    {
        var x = matrix / (matrix.FrobeniusNorm() + 1e-7);
        for (int i = 0; i < 5; i++)
        {
            var a = x * x.Transpose();
            x = (3.4445 * x) + (((-4.7750 * a) + (2.0315 * a * a)) * x);
        }

        return x;
    }

    private static double Polynomial(double value)
    {
        for (int i = 0; i < 5; i++)
            value = value * (3.4445 + (value * value * (-4.7750 + (2.0315 * value * value))));
        return value;
    }

    private static double[] Values(Tensor matrix) => linalg.svdvals(matrix).data<double>().ToArray();

    private static Tensor Random(int seed, int rows, int columns) => tensor(RowMajor(Drawn(seed, rows, columns)), [rows, columns]);

    private static Tensor Rotation(int seed, int size) => linalg.qr(Random(seed, size, size)).Q;

    private static Plain Drawn(int seed, int rows, int columns) => Plain.Build.Dense(
        rows, columns, (i, j) => RandomStream.Root((ulong)seed).Uniform(i, j) - 0.5);

    private static double[] RowMajor(Plain matrix) => matrix.ToRowMajorArray();

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Close.Assert(expected.contiguous().data<double>().ToArray(), actual.contiguous(), tolerance);

    private static void AssertSame(Ddit expected, Ddit actual) => Assert.All(
        expected.parameters().Zip(actual.parameters()), pair => Assert.Equal(Numbers(pair.First), Numbers(pair.Second)));

    private static float[] Numbers(Tensor tensor) => tensor.detach().OnHost().data<float>().ToArray();

    private static void Draw(Ddit network, int seed)
    {
        foreach (var (i, parameter) in network.parameters().Index())
        {
            var draws = RandomStream.Root((ulong)seed).Split((ulong)i);
            double[] values = new double[parameter.numel()];
            draws.Fill(0, values);
            parameter.grad = tensor(values, parameter.shape, float32).sub(0.5).On(TestDevice.Device).DetachFromDisposeScope();
        }
    }

    // Parameters by their full names, without a network around them.
    private sealed class Toy : nn.Module
    {
        public Toy(ScalarType type, params (string Name, Plain Value)[] parameters)
            : base("toy")
        {
            foreach (var (name, value) in parameters)
            {
                var parameter = new TorchSharp.Modules.Parameter(tensor(RowMajor(value), [value.RowCount, value.ColumnCount], type));
                Weights.Add(parameter);
                Names.Add(name);
            }
        }

        public List<TorchSharp.Modules.Parameter> Weights { get; } = [];

        private List<string> Names { get; } = [];

        public override IEnumerable<(string name, TorchSharp.Modules.Parameter parameter)> named_parameters(bool recurse = true) =>
            Names.Zip(Weights);

        public void Gradients(Plain[] gradients)
        {
            foreach (var (weight, gradient) in Weights.Zip(gradients))
                weight.grad = tensor(RowMajor(gradient), weight.shape, weight.dtype);
        }
    }
}
