using System.Text.RegularExpressions;
using Bench.Kernels;
using Bench.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Bench.Training;

/// <summary>
/// Muon for the matrices of the transformer's blocks, AdamW for all other parameters: M ← βM + (1 − β)G, U = (1 − β)G + βM (Nesterov),
/// W ← (1 − ηλ)W − η s O(U), where O orthogonalises by <see cref="NewtonSchulz"/>.
/// </summary>
/// <remarks>
/// <para>
/// Its matrices are those of attention (queries, keys and values each by themselves, as three maps of the width to itself) and of the MLP.
/// Embedding, vocabulary head, norms and biases are AdamW's, and so are modulations and the noise embedding, which start at zero and for
/// which no rule is published.
/// </para>
/// <para>
/// Matrices of one shape are one tensor, wide ones and tall ones alike, so that a step is a few batched products. Clipping scales AdamW's
/// gradients alone, by the norm of all: a factor on G does not change O(U), only the weight of that step in M.
/// </para>
/// </remarks>
public sealed partial class Muon : IOptimiser
{
    private readonly MuonChoice choice;
    private readonly TrainingPlan plan;
    private readonly List<Parameter> all;
    private readonly AdamW others;
    private readonly List<Group> groups;

    /// <summary>Starts with zero buffers, and with the weights themselves as their average.</summary>
    /// <param name="network">Its parameters are updated.</param>
    /// <param name="plan">The schedule of the rate, its decays and clipping.</param>
    /// <param name="choice">Muon's own rate, momentum and scale.</param>
    public Muon(nn.Module network, TrainingPlan plan, MuonChoice choice)
    {
        (this.plan, this.choice) = (plan, choice);
        var parameters = network.named_parameters().ToList();
        all = [.. parameters.Select(entry => entry.parameter)];
        others = new AdamW(parameters.Where(entry => !IsMatrix(entry.name)), plan);
        groups = [.. parameters.Where(entry => IsMatrix(entry.name)).Select(entry => new Matrix(entry.name, entry.parameter))
            .GroupBy(matrix => (matrix.Rows, matrix.Columns)).Select(shape => new Group([.. shape]))];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Tensor)> State => others.State.Concat(
        Matrices.SelectMany(one => new[] { (MomentumOf(one.Name), one.Momentum!), (AdamW.AverageOf(one.Name), one.Average) }));

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Tensor)> Averages => others.Averages.Concat(Matrices.Select(one => (one.Name, one.Average)));

    private IEnumerable<Matrix> Matrices => groups.SelectMany(group => group.Matrices);

    /// <summary>Whether a parameter is a matrix of a block's attention or MLP.</summary>
    internal static bool IsMatrix(string parameter) => Hidden().IsMatch(parameter);

    /// <summary>What <see cref="State"/> calls the momentum of a matrix.</summary>
    internal static string MomentumOf(string parameter) => $"momentum/{parameter}";

    /// <inheritdoc/>
    public double GradientNorm()
    {
        using var timed = OperatorProfile.Time("optimiser");
        return GlobalNorm.Of(all);
    }

    /// <inheritdoc/>
    public Tensor GradientNormOnDevice() => GlobalNorm.OnDevice(all);

    /// <inheritdoc/>
    public void Update(long step, double gradientNorm)
    {
        Update(step);
        others.Update(step, gradientNorm);
    }

    /// <inheritdoc/>
    public void Update(long step, Tensor gradientNorm)
    {
        Update(step);
        others.Update(step, gradientNorm);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        others.Dispose();
        groups.ForEach(group => group.Dispose());
    }

    private void Update(long step)
    {
        using var timed = OperatorProfile.Time("optimiser");
        using var recorded = no_grad();
        double rate = plan.RateAt(step, choice.LearningRate), beta = choice.Momentum;
        foreach (var group in groups)
        {
            using var scope = NewDisposeScope();
            var gradients = group.Gradients();                                       // [N, m, n]
            group.Momentum.mul_(beta).add_(gradients, 1 - beta);
            var updates = NewtonSchulz.Of(gradients.mul(1 - beta).add_(group.Momentum, beta));
            foreach (var matrix in group.Matrices)
            {
                var weight = matrix.Parameter;
                weight.mul_(1 - (rate * plan.WeightDecay)).add_(matrix.Of(updates), -rate * choice.ScaleOf(matrix.Outputs, matrix.Inputs));
                matrix.Average.add_(weight - matrix.Average, 1 - plan.EmaDecayAt(step));
                weight.grad = null;
            }
        }
    }

    [GeneratedRegex(@"^blocks\.\d+\.(attn_qkv|attn_out|mlp\.0|mlp\.2)\.weight$", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();

    // Matrices of one shape, m ≤ n after transposition, with their momentum in one tensor [N, m, n].
    private sealed class Group : IDisposable
    {
        public Group(Matrix[] matrices)
        {
            Matrices = matrices;
            long count = 0;
            foreach (var matrix in matrices)
                (matrix.First, count) = (count, count + matrix.Parts);
            var like = matrices[0].Parameter;
            Momentum = zeros([count, matrices[0].Rows, matrices[0].Columns], like.dtype, like.device).DetachFromDisposeScope();
            foreach (var matrix in matrices)
                matrix.Momentum = matrix.Of(Momentum).DetachFromDisposeScope();
        }

        public Matrix[] Matrices { get; }

        public Tensor Momentum { get; }

        public Tensor Gradients() => cat(
            [.. Matrices.Select(matrix => matrix.Parted(matrix.Parameter.grad ?? zeros_like(matrix.Parameter)))], 0);

        public void Dispose()
        {
            foreach (var matrix in Matrices)
            {
                matrix.Momentum?.Dispose();
                matrix.Average.Dispose();
            }

            Momentum.Dispose();
        }
    }

    // A weight [outputs, inputs], which may be several matrices one below the other.
    private sealed class Matrix(string name, Parameter parameter)
    {
        public string Name => name;

        public Parameter Parameter => parameter;

        public long Parts { get; } = name.EndsWith("attn_qkv.weight", StringComparison.Ordinal) ? 3 : 1;

        public long Outputs => parameter.size(0) / Parts;

        public long Inputs => parameter.size(1);

        public long Rows => Math.Min(Outputs, Inputs);

        public long Columns => Math.Max(Outputs, Inputs);

        /// <summary>Where its parts begin in its group.</summary>
        public long First { get; set; }

        /// <summary>A view of the group's momentum in the shape of the weight.</summary>
        public Tensor? Momentum { get; set; }

        public Tensor Average { get; } = parameter.detach().clone().DetachFromDisposeScope();

        /// <summary>[outputs, inputs] of the group's [N, m, n].</summary>
        public Tensor Of(Tensor group)
        {
            using var scope = NewDisposeScope();
            var own = group.narrow(0, First, Parts);
            // A tall matrix is transposed there; of parts there are more than one only where they are square.
            return (Outputs > Inputs ? own.squeeze(0).t() : own.reshape(Parts * Outputs, Inputs)).MoveToOuterDisposeScope();
        }

        /// <summary>[parts, m, n] of [outputs, inputs].</summary>
        public Tensor Parted(Tensor weight)
        {
            using var scope = NewDisposeScope();
            var own = weight.reshape(Parts, Outputs, Inputs);
            return (Outputs > Inputs ? own.transpose(1, 2) : own).MoveToOuterDisposeScope();
        }
    }
}

/// <summary>How an orthogonalised update, whose entries have a root mean square of about 1/√max(out, in), is scaled.</summary>
public enum MuonScale
{
    /// <summary>√max(1, out/in), as in Muon's own code: the rate is a spectral norm.</summary>
    Spectral,

    /// <summary>
    /// 0.2 √max(out, in): a root mean square of 0.2, about AdamW's, so that AdamW's rate and weight decay go on to hold (Moonlight, arXiv
    /// 2502.16982).
    /// </summary>
    RootMeanSquare,
}

/// <summary><see cref="Muon"/> with its own rate, which follows the schedule of the plan.</summary>
/// <param name="LearningRate">η after the warm-up, of Muon's matrices; that of the plan is AdamW's.</param>
/// <param name="Momentum">β.</param>
/// <param name="Scale">Of the updates.</param>
public sealed record MuonChoice(double LearningRate = 0.02, double Momentum = 0.95, MuonScale Scale = MuonScale.Spectral)
    : IOptimiserChoice
{
    /// <inheritdoc cref="MuonChoice" path="/param[@name='LearningRate']"/>
    public double LearningRate { get; } = Require.Positive(LearningRate);

    /// <inheritdoc cref="MuonChoice" path="/param[@name='Momentum']"/>
    public double Momentum { get; } = Require.PartOfUnity(Momentum);

    /// <inheritdoc/>
    public IOptimiser For(nn.Module network, TrainingPlan plan) => new Muon(network, plan, this);

    /// <inheritdoc/>
    public IEnumerable<string> BuffersOf(string parameter) =>
        Muon.IsMatrix(parameter) ? [Muon.MomentumOf(parameter)] : AdamW.MomentsOf(parameter);

    /// <summary>s: what the update of a matrix is multiplied by.</summary>
    internal double ScaleOf(long outputs, long inputs) => Scale == MuonScale.Spectral
        ? Math.Sqrt(Math.Max(1, (double)outputs / inputs))
        : 0.2 * Math.Sqrt(Math.Max(outputs, inputs));
}
