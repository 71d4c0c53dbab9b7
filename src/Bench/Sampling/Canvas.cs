using System.Diagnostics;
using Bench.Hyperschedules;
using Bench.Models;
using Bench.Noise;
using Bench.Numerics;
using static TorchSharp.torch;

namespace Bench.Sampling;

/// <summary>Sequences in the making: what samplers do alike whatever their step is.</summary>
internal sealed class Canvas
{
    private readonly Denoising problem;
    private readonly int count;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int calls;

    /// <summary>Fills every position with a draw from the law at full noise.</summary>
    public Canvas(Denoising problem, int count, RandomStream draws)
    {
        (this.problem, this.count) = (problem, count);
        if (Enumerable.Range(0, problem.Path.Length).Any(i => problem.Path.SettledAfter(i) == 0))
            throw new ArgumentException($"{problem.Path.Name} has positions that are settled from the start, but no prompt was given to stand there", nameof(problem));
        Tokens = new long[count * problem.Path.Length];
        var (masked, words) = (draws.Split("masked"), draws.Split("words"));
        for (int at = 0; at < Tokens.Length; at++)
            Tokens[at] = Uniform(masked, 0, at) < problem.Start.Mask ? problem.Words.MaskId : words.Below(problem.Words.Words, Row(at), Position(at));
    }

    /// <summary>x: count·L tokens.</summary>
    public long[] Tokens { get; }

    private int Length => problem.Path.Length;

    /// <summary>Indices into <see cref="Tokens"/> of the positions that a step updates.</summary>
    public IEnumerable<int> Active(int step) => Enumerable.Range(0, Tokens.Length).Where(at => problem.Path.RegionAt(step, Position(at)) == Region.Active);

    /// <summary>The marginals of a position after a step, and before it.</summary>
    public (Marginal S, Marginal T) Step(int step, int at) =>
        (problem.At(problem.Path.TimeAt(step + 1, Position(at))), problem.At(problem.Path.TimeAt(step, Position(at))));

    /// <summary>The noise times of a position before a step, and after it.</summary>
    public (double Now, double Next) Times(int step, int at) => (problem.Path.TimeAt(step, Position(at)), problem.Path.TimeAt(step + 1, Position(at)));

    /// <summary>A number in (0, 1) for a position in a step.</summary>
    public double Uniform(RandomStream draws, int step, int at) => draws.Uniform(Row(at), ((long)step * Length) + Position(at));

    /// <summary>One call of the network.</summary>
    /// <returns>[M, V] the predicted laws of the clean tokens, 0 for the mask, in float64.</returns>
    public double[] Ask(IDenoiser network, int step, IReadOnlyList<int> asked, Device device)
    {
        using var scope = NewDisposeScope();
        return Substitution.AtMasked(Outputs(network, step, asked, device), problem.Words.MaskId).exp().data<double>().ToArray();
    }

    /// <summary>One call of the network.</summary>
    /// <returns>[M, V] what it says, the mask included, in float64.</returns>
    public double[] AskOutputs(IDenoiser network, int step, IReadOnlyList<int> asked, Device device)
    {
        using var scope = NewDisposeScope();
        return Outputs(network, step, asked, device).data<double>().ToArray();
    }

    /// <summary>The finished sequences.</summary>
    public Generation Finish() => new(
        [.. Enumerable.Range(0, count).Select(row => Array.ConvertAll(Tokens[(row * Length)..((row + 1) * Length)], token => (int)token))], calls, clock.Elapsed.TotalSeconds);

    private Tensor Outputs(IDenoiser network, int step, IReadOnlyList<int> asked, Device device)
    {
        calls++;
        var (path, view) = (problem.Path, problem.View);
        // The network sees nothing behind the last active position, which is where the worthless ones are.
        int window = path.NeedsContext ? Enumerable.Range(0, Length).Last(i => path.RegionAt(step, i) == Region.Active) + 1 : Length;
        var layout = Layout.Step(path, step, window, view);
        int behind = view.Shifted ? 1 : 0; // a mask stands at position −1
        var tokens = new long[count * layout.Columns];
        Array.Fill(tokens, problem.Words.MaskId);
        var sigma = new double[tokens.Length];
        for (int row = 0; row < count; row++)
        {
            for (int i = 0; i + behind < layout.Columns; i++)
            {
                int column = (row * layout.Columns) + i + behind;
                (tokens[column], sigma[column]) = (Tokens[(row * Length) + i], problem.Schedule.Sigma(path.TimeAt(step, i)));
            }
        }

        long[] outputs = [.. asked.Select(at => ((long)Row(at) * layout.Columns) + Position(at))];
        var logits = network.Logits(
            tensor(tokens, [count, layout.Columns], device: device), view.IsTold ? Condition.Tell(sigma, count, device) : null, tensor(outputs, device: device), layout);
        return logits.to(float64);
    }

    private int Row(int at) => at / Length;

    private int Position(int at) => at % Length;
}
