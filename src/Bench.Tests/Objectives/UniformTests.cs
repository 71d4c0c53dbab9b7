using Bench.Noise;
using Bench.Objectives;
using Bench.Tests.Golden;
using Xunit;
using static TorchSharp.torch;
using Close = Bench.Tests.Golden.Close;

namespace Bench.Tests.Objectives;

/// <summary>Uniform noise: published closed forms of the continuous bound against the generic term.</summary>
public sealed class UniformTests
{
    private const int N = 5;

    private static readonly double[] Guess = [0.10, 0.20, 0.30, 0.25, 0.15];

    [Theory, InlineData(1, 1, 0.866218846438), InlineData(3, 1, 1.211510225266)]
    public void The_term_has_its_known_value(int x, int z, double expected) => Close.Assert(expected, Nats(0.37, x, z), 1e-11);

    [Fact]
    public void Its_expectation_has_its_known_value()
    {
        var now = new Uniform().At(-Math.Log(0.37));
        Close.Assert(1.117565573008, Enumerable.Range(0, N).Sum(z => now.Probability(z, 1, N) * Nats(0.37, 1, z)), 1e-11);
    }

    [Theory, InlineData(0.999), InlineData(0.6), InlineData(0.37), InlineData(0.05), InlineData(0.003)]
    public void The_closed_forms_of_UDLM_and_Duo_are_the_generic_term(double alpha)
    {
        for (int x = 0; x < N; x++)
        {
            for (int z = 0; z < N; z++)
            {
                double nats = Nats(alpha, x, z), tolerance = 1e-12 / (1 - alpha) / alpha; // their terms grow while their sum does not
                Close.Assert(Udlm(alpha, x, z), nats, tolerance, $"UDLM, x = {x}, z = {z}");
                Close.Assert(Duo(alpha, x, z), nats, tolerance, $"Duo, x = {x}, z = {z}");
            }
        }
    }

    [Fact]
    public void It_is_the_limit_of_many_short_steps()
    {
        const double alpha = 0.37, step = 1e-5;
        var process = new Uniform();
        foreach (var (x, z) in new[] { (1, 1), (1, 3) })
        {
            var term = NelboTerm.OfStep(process.At(-Math.Log(alpha + step)), process.At(-Math.Log(alpha)), process.Chain, masked: false,
                unchanged: x == z, N);
            Close.Assert(Nats(alpha, x, z), Value(term, x, z) / step, 1e-4);
        }
    }

    // α' = −1: the rate per unit of α is that per unit of σ over α.
    private static double Nats(double alpha, int x, int z) =>
        Value(
            1 / alpha
                * NelboTerm.OfRate(new Uniform().At(-Math.Log(alpha)), new Uniform().RatesAt(-Math.Log(alpha)), masked: false,
                    unchanged: x == z, N), x, z);

    private static double Value(NelboTerm term, int x, int z)
    {
        using var scope = NewDisposeScope();
        return BoundEvaluator.Of(tensor([.. Guess.Select(p => Math.Log(p)), 0], [1, N + 1]), [term], [x], [z]).item<double>();
    }

    // arXiv 2412.10193, equation 18.
    private static double Udlm(double alpha, int x, int z)
    {
        double Clean(int j) => (N * alpha * (j == x ? 1 : 0)) + 1 - alpha;
        double Guessed(int j) => (N * alpha * Guess[j]) + 1 - alpha;
        double sum =
            Enumerable.Range(0, N).Sum(j => Clean(j) / Clean(z) * (Math.Log(Guessed(z) / Guessed(j)) + Math.Log(Clean(j) / Clean(z))));
        return -1 / (N * alpha) * ((N / Clean(z)) - (N / Guessed(z)) - sum);
    }

    // arXiv 2506.10892, the rewritten objective.
    private static double Duo(double alpha, int x, int z)
    {
        double kappa = (1 - alpha) / ((N * alpha) + 1 - alpha);
        double Clean(int j) => (N * alpha * (j == x ? 1 : 0)) + 1 - alpha;
        double Guessed(int j) => (N * alpha * Guess[j]) + 1 - alpha;
        double all = Enumerable.Range(0, N).Sum(j => Math.Log(Guessed(j))) - (N * Math.Log(Guessed(z)));
        double inner = x == z
            ? (-kappa * all) + ((N - 1) * kappa * Math.Log(kappa))
            : -all - (N * alpha / (1 - alpha) * Math.Log(Guessed(x) / Guessed(z))) - (Math.Log(kappa) / kappa);
        return -1 / (N * alpha) * ((N * ((1 / Clean(z)) - (1 / Guessed(z)))) - inner);
    }
}
